"""The native transformer: doubles what the predictor gets."""
import array, json

from ..certificates import authority
from ..predictor import Predictor
from ..process import Server
from ..shell import expect

PATH = "/v2/models/doubler/infer"
BODY = json.dumps({"id": "7", "inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1.5, 2.0]}]}).encode()


def echo(request, binary):
    given = request["inputs"][0]
    data = given.get("data") or list(array.array("f", binary))
    return {"model_name": "doubler", "id": request.get("id"),
            "outputs": [{"name": "y", "shape": given["shape"], "datatype": "FP32", "data": data}]}


def arguments(host):
    return ["--predictor_protocol=v2", "--model_name", "doubler", "--predictor_host", host]


def start(image):
    return Server(image, arguments("127.0.0.1:1"))


def is_doubled(answer):
    expect(answer["outputs"][0]["data"] == [3.0, 4.0], "doubled: " + json.dumps(answer))


def request_is_doubled_on_its_way_to_the_predictor(image):
    with Predictor(echo) as predictor, Server(image, arguments(predictor.host)) as server:
        is_doubled(server.call(PATH, BODY))
        expect(server.stop() == 0, "it ended with an error: " + server.logged())


def request_in_flight_is_answered_after_sigterm(image):
    with Predictor(echo) as predictor, Server(image, arguments(predictor.host)) as server:
        is_doubled(server.drains(predictor, PATH, BODY))


def predictor_is_called_over_tls(image):
    """The base has OpenSSL and no more; whom to trust comes with a mounted file."""
    with authority() as (certificate, key, folder), Predictor(echo, certificate, key) as predictor:
        tls = ["--predictor_use_ssl", "true", "--predictor_ca_file", "/mnt/models/" + certificate.rsplit("/", 1)[1]]
        with Server(image, [*arguments(predictor.host), *tls], [(folder, "/mnt/models")]) as server:
            is_doubled(server.call(PATH, BODY))


CASES = [request_is_doubled_on_its_way_to_the_predictor, request_in_flight_is_answered_after_sigterm, predictor_is_called_over_tls]
