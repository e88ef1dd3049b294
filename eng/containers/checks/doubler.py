import array, json

from ..predictor import Predictor
from ..process import Server
from ..shell import expect


def echo(request, binary):
    given = request["inputs"][0]
    data = given.get("data") or list(array.array("f", binary))
    return {"model_name": "doubler", "id": request.get("id"),
            "outputs": [{"name": "y", "shape": given["shape"], "datatype": "FP32", "data": data}]}


def check_doubler(image, figures):
    """The native transformer: doubles what the predictor gets."""
    predictor = Predictor(echo)
    arguments = ["--predictor_protocol=v2", "--model_name", "doubler", "--predictor_host", predictor.host]
    body = json.dumps({"id": "7", "inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1.5, 2.0]}]}).encode()
    with figures.started(lambda: Server(image, arguments)) as container:
        answer = container.call("/v2/models/doubler/infer", body)
        expect(answer["outputs"][0]["data"] == [3.0, 4.0], "doubled: " + json.dumps(answer))
        answer = container.drains(predictor, "/v2/models/doubler/infer", body)
        expect(answer["outputs"][0]["data"] == [3.0, 4.0], "doubled while draining: " + json.dumps(answer))
