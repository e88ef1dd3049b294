"""What the images of generated projects must do, started as KServe starts them."""
import json

from containers.process import Server
from containers.shell import expect

from .predictors import PREDICTORS

FIELDS = {"age": 34, "tenure_days": 90, "monthly_spend": 19.99, "support_tickets": 6, "last_login_days": 45}
CUSTOMER = json.dumps({"instances": [FIELDS]}).encode()


def transformer(image, project, before=lambda server, service: None):
    """Between a caller and a predictor of each protocol, which has not answered yet when SIGTERM comes. Its own protocol the
    program knows by its settings, another by the argument that a manifest has."""
    times = []
    for protocol, predictor in PREDICTORS.items():
        with predictor() as answering:
            arguments = ["--model_name", project.service, "--predictor_host", answering.host]
            if protocol != project.protocol:
                arguments.insert(0, "--predictor_protocol=" + protocol)
            with Server(image, arguments) as server:
                before(server, project.service)
                answer = server.drains(answering, f"/v1/models/{project.service}:predict", CUSTOMER)
                expected = {"predictions": [{"churn_probability": 0.5, "risk_tier": "MEDIUM"}]}
                expect(answer == expected, f"the answer, with a predictor of {protocol}: {json.dumps(answer)}")
                times.append(server.ready_after)
    return min(times)


def nothing_is_added(server, service):
    """By any field, since the predictor is never sure."""
    values = server.call(f"/v1/models/{service}:explain", CUSTOMER)["data"]["shap_values"][0][0]
    expect(len(values) == 5 and max(map(abs, values)) < 1e-6, "the values: " + json.dumps(values))


def explaining_transformer(image, project):
    """The same, and why."""
    return transformer(image, project, nothing_is_added)


def explainer(image, project):
    """An anchor of the model in the image, whatever the predictor."""
    with Server(image, ["--model_name", project.service, "--predictor_host", "127.0.0.1:1"]) as server:
        data = server.call(f"/v1/models/{project.service}:explain", CUSTOMER)["data"]
        expect(data["status"] == "met" and len(data["anchor"]) > 0, "the anchor: " + json.dumps(data["anchor"]))
        expect(server.stop() == 0, "it ended with an error: " + server.logged())
        return server.ready_after
