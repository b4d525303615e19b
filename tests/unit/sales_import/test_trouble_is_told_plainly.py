"""A wrong folder, a wrong column, a busy platform, a refused row: each is said, none is guessed away."""

from __future__ import annotations

import csv

import pytest
import urllib3

from infra.local.api import Problem
from infra.sales_import.batches import SIZE, Sender
from infra.sales_import.outcome import Summary, write_rejects
from infra.sales_import.patience import ATTEMPTS, Caller
from infra.sales_import.rules import RowFault
from infra.sales_import.sources import COLUMNS, Row, read
from infra.sales_import.trouble import ImportTrouble

pytestmark = pytest.mark.unit


class Scripted:
    """An API that answers from a list, the last answer for ever; it remembers what it was asked."""

    base_url = "http://nowhere"

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def post(self, path, body=None, *, key=None, version=None):
        self.asked.append((path, body, key))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(body) if callable(answer) else answer

    def login(self, tenant, email, password):
        return self.post("/v1/auth/login")


def busy(status=429, **params):
    return Problem(status, {"code": "too-many-requests", "params": params})


def write(folder, **replaced):
    for name, columns in COLUMNS.items():
        (folder / name).write_text(replaced.get(name, columns.replace(" ", ",") + "\n"))


def test_a_folder_without_the_files(tmp_path):
    with pytest.raises(ImportTrouble) as trouble:
        read(tmp_path)

    assert "has no accounts.csv" in trouble.value.why
    assert "sales_pipeline.csv" in trouble.value.advice


def test_a_file_without_its_columns(tmp_path):
    write(tmp_path, **{"products.csv": "product,price\n"})

    with pytest.raises(ImportTrouble) as trouble:
        read(tmp_path)

    assert trouble.value.why == "products.csv lacks the columns series, sales_price"


def test_it_waits_as_long_as_it_is_asked_to():
    pauses = []
    api = Scripted(busy(retry_after=3), busy(503), "done")

    assert Caller(api, sleep=pauses.append).post("/v1/x") == "done"

    assert pauses == [3.0, 1.0]
    assert len({key for _, _, key in api.asked}) == 1


def test_it_gives_up_after_a_while():
    api = Scripted(busy(503))

    with pytest.raises(Problem):
        Caller(api, sleep=lambda _: None).post("/v1/x")

    assert len(api.asked) == ATTEMPTS


def test_a_refusal_is_not_repeated():
    api = Scripted(Problem(403, {"code": "permission-missing"}))

    with pytest.raises(Problem):
        Caller(api, sleep=lambda _: None).post("/v1/x")

    assert len(api.asked) == 1


def test_nobody_there():
    with pytest.raises(ImportTrouble) as trouble:
        Caller(Scripted(urllib3.exceptions.HTTPError("refused")), sleep=lambda _: None).post("/v1/x")

    assert trouble.value.why.startswith("nothing answers at http://nowhere")


def test_a_wrong_password():
    with pytest.raises(ImportTrouble) as trouble:
        Caller(Scripted(Problem(401, {"code": "login-refused", "title": "Not these"}))).login("acme", "a@b.c", "x")

    assert trouble.value.why == "a@b.c cannot log in to tenant acme: Not these"


def test_a_rejected_row_is_written_down_with_its_reason(tmp_path):
    rows = [Row("products.csv", line, {"product": f"P{line}"}) for line in range(2, SIZE + 5)]
    given = [(row, {"external_id": row["product"]}) for row in rows]
    given[0] = (rows[0], RowFault("product", "not-a-number", "'x' is not a number"))
    summary, done = Summary(), []
    sender = Sender(Caller(Scripted(_all_but_the_first_created)), summary, lambda _kind, count: done.append(count))

    ids = sender.send("products", "/v1/products/batch", given)
    write_rejects(tmp_path / "rejects.csv", summary.rejects)

    assert len(ids) == SIZE
    assert sum(done) == len(given)
    count = summary.counts["products"]
    assert (count.created, count.unchanged, count.rejected) == (SIZE, 0, 3)
    with (tmp_path / "rejects.csv").open(newline="") as stream:
        lines = list(csv.reader(stream))
    assert lines == [
        ["file", "row", "external_id", "pointer", "code", "message"],
        ["products.csv", "2", "P2", "/product", "not-a-number", "'x' is not a number"],
        ["products.csv", "3", "P3", "/name", "blank", "This may not be blank."],
        ["products.csv", str(SIZE + 3), f"P{SIZE + 3}", "/name", "blank", "This may not be blank."],
    ]


def test_no_rejects_no_file(tmp_path):
    path = tmp_path / "rejects.csv"
    path.write_text("old")

    write_rejects(path, [])

    assert not path.exists()


def _all_but_the_first_created(body):
    fault = {"pointer": "/name", "code": "blank", "params": {}, "message": "This may not be blank."}
    created = [
        {"index": index, "status": "created", "id": f"prod_{item['external_id']}"}
        for index, item in enumerate(body["items"])
    ]
    return {"results": [{"index": 0, "status": "rejected", "errors": [fault]}, *created[1:]]}
