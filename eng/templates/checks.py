"""What the images of generated projects must do, started as KServe starts them."""
import json

from containers.predictor import Predictor
from containers.process import Server
from containers.shell import expect

FIELDS = {"age": 34, "tenure_days": 90, "monthly_spend": 19.99, "support_tickets": 6, "last_login_days": 45}
CUSTOMER = json.dumps({"instances": [FIELDS]}).encode()


def half(request, _):
    """A predictor that is never sure, for as many rows as it gets, in V1 or V2."""
    if "instances" in request:
        return {"predictions": [0.5 for _ in request["instances"]]}
    rows = request["inputs"][0]["shape"][0]
    return {"model_name": "churn", "outputs": [{"name": "p", "shape": [rows], "datatype": "FP32", "data": [0.5] * rows}]}


def transformer(image, service, protocol):
    """Between a caller and a predictor, which has not answered yet when SIGTERM comes."""
    predictor = Predictor(half)
    arguments = [f"--predictor_protocol={protocol}", "--model_name", service, "--predictor_host", predictor.host]
    with Server(image, arguments) as server:
        answer = server.drains(predictor, f"/v1/models/{service}:predict", CUSTOMER)
        expect(answer == {"predictions": [{"churn_probability": 0.5, "risk_tier": "MEDIUM"}]}, "the answer: " + json.dumps(answer))
        return server.ready_after


def explaining_transformer(image, service, protocol):
    """The same, and why: nothing is added by any field, since the predictor is never sure."""
    predictor = Predictor(half)
    arguments = [f"--predictor_protocol={protocol}", "--model_name", service, "--predictor_host", predictor.host]
    with Server(image, arguments) as server:
        values = server.call(f"/v1/models/{service}:explain", CUSTOMER)["data"]["shap_values"][0][0]
        expect(len(values) == 5 and max(map(abs, values)) < 1e-6, "the values: " + json.dumps(values))
        expect(server.stop() == 0, "it ended with an error: " + server.logged())
    return transformer(image, service, protocol)


def explainer(image, service, _):
    """An anchor of the model in the image, whatever the predictor."""
    with Server(image, ["--model_name", service, "--predictor_host", "127.0.0.1:1"]) as server:
        data = server.call(f"/v1/models/{service}:explain", CUSTOMER)["data"]
        expect(data["status"] == "met" and len(data["anchor"]) > 0, "the anchor: " + json.dumps(data["anchor"]))
        expect(server.stop() == 0, "it ended with an error: " + server.logged())
        return server.ready_after
