#!/usr/bin/python3
"""A department's own program against a suite that runs: a class opens, the program answers, nothing is waited for any more.

    test_department.py BIN          the folder with the programs
"""

import csv
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CAMPAIGN = ROOT / "tests" / "campaigns" / "small"
PATIENCE = 60
SERVICE = "human_resources.employment_service"
ADMINISTRATION = "human_resources.administration"
BIN = None


def rows_of(sheet):
    with open(CAMPAIGN / f"{sheet}.csv", newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


class Suite:
    """One in a folder of its own, started and stopped as an operator would."""

    def __init__(self, folder):
        self.data = os.path.join(folder, "data")
        for attempt in range(5):  # somebody else may take the ports between the choice and the start
            self.up = subprocess.Popen(
                [f"{BIN}/jineng", "up", "--data", f"{self.data}{attempt}", "--init", "--driven", "--start", "2020-03-02",
                 "--base-port", str(20000 + (os.getpid() * 5 + attempt * 997) % 10000)], stdout=subprocess.PIPE, text=True)
            if any(line == "ready\n" for line in self.up.stdout):
                self.data = f"{self.data}{attempt}"
                return
            self.stop()
        raise RuntimeError("the suite did not start")

    def call(self, method, message, who="operator"):
        done = subprocess.run([f"{BIN}/jineng", "call", method, json.dumps(message), "--data", self.data, "--as", who],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{method}: {done.stderr}")
        return json.loads(done.stdout)

    def stop(self):
        if self.up.poll() is None:
            self.up.send_signal(signal.SIGTERM)
        self.up.stdout.close()
        return self.up.wait(PATIENCE)


class Department(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="jineng-stranger-")
        self.addCleanup(self.folder.cleanup)
        self.suite = Suite(self.folder.name)
        self.addCleanup(self.suite.stop)
        self.register = os.path.join(self.folder.name, "register.csv")
        pathlib.Path(self.register).write_text("department,id_number,group,holds\n", encoding="utf-8")
        messages = os.path.join(self.folder.name, "messages")
        os.mkdir(messages)
        protos = sorted(str(path) for path in (ROOT / "proto" / "jineng" / "v1").glob("*.proto"))
        subprocess.run(["protoc", f"-I{ROOT / 'proto'}", f"--python_out={messages}", *protos], check=True)
        self.environment = {**os.environ, "PYTHONPATH": messages}

    def open_class(self):
        """A class of three who say that they are veterans: the register says yes, no, and nothing."""
        provider = next(row for row in rows_of("institutions") if row["kind"] == "training")
        project = rows_of("projects")[0]
        division = int(provider["division"])
        claimed = list({row["id_number"]: row for row in rows_of("roster")}.values())[:3]
        with open(self.register, "a", encoding="utf-8") as register:
            for row, holds in zip(claimed, ("true", "false")):
                register.write(f"veterans,{row['id_number']},veteran,{holds}\n")

        call = self.suite.call
        call("enrollment.SetDivisions", {"rows": [{"code": division, "name": "A"}]}, ADMINISTRATION)
        call("enrollment.DesignateInstitutions", {"rows": [
            {"uscc": provider["uscc"], "name": "B", "kind": "TRAINING", "division": division, "insured": True,
             "designated_from_day": "2019-01-01", "designated_to_day": "2021-12-31", "account": "62220210112233", "bank": "C"}]},
             ADMINISTRATION)
        call("enrollment.ListProjects", {"rows": [
            {"code": "P1", "name": "D", "occupation": project["occupation"], "level": 5, "hours": 80}]}, ADMINISTRATION)
        call("notification.OpenInbox", {"agency": "veterans", "department": "VETERANS", "kinds": ["CLASS_OPENED"]}, ADMINISTRATION)
        call("enrollment.FileClass", {
            "class_no": "C-1", "provider": provider["uscc"], "project": "P1", "division": division, "kind": "EMPLOYMENT",
            "start_day": "2020-03-02", "end_day": "2020-04-30", "capacity": 50, "cost_fen": 150000, "plan": "P", "safeguards": "S"},
             SERVICE)
        enrolled = call("enrollment.Enrol", {"class_no": "C-1", "rows": [
            {"name": row["name"], "id_number": row["id_number"], "phone": row["phone"], "groups": ["VETERAN"],
             "household": "URBAN", "account": row["account"]} for row in claimed]}, SERVICE)
        self.assertEqual(enrolled["done"], len(claimed), enrolled)
        call("enrollment.OpenClass", {"class_no": "C-1"}, SERVICE)

    def waiting(self):
        return self.suite.call("enrollment.Class", {"class_no": "C-1"}).get("waiting_for", [])

    def start_department(self, who="veterans"):
        department = subprocess.Popen([sys.executable, str(HERE / "department.py"), self.suite.data, who, self.register],
                                      env=self.environment, stderr=subprocess.PIPE, text=True)
        self.addCleanup(department.stderr.close)
        self.addCleanup(department.wait)
        self.addCleanup(department.kill)
        return department

    def stop_department(self, department):
        department.terminate()
        complaints = department.communicate(timeout=PATIENCE)[1]
        self.assertEqual(complaints, "")

    def wait_until(self, condition, department):
        end = time.monotonic() + PATIENCE
        while not condition():
            if department.poll() is not None:
                self.fail(department.communicate()[1])
            self.assertLess(time.monotonic(), end, "it took too long")
            time.sleep(0.2)

    def answers(self):
        """What was attested, as the log has it: seat -> answer."""
        events = subprocess.run([f"{BIN}/jineng", "events", "enrollment", "--json", "--data", self.suite.data],
                                stdout=subprocess.PIPE, text=True, timeout=PATIENCE, check=True).stdout
        attested = [json.loads(line) for line in events.splitlines() if '"attested"' in line]
        return {row["seat"]: row["answer"] for line in attested for row in line["event"]["attested"]["rows"]}

    def test_a_department_answers_from_its_own_register(self):
        self.open_class()
        self.assertEqual(self.waiting(), ["veterans"])
        department = self.start_department()
        self.wait_until(lambda: not self.waiting(), department)
        self.assertEqual(self.answers(), {1: "HOLDS", 2: "DENIED", 3: "NO_ROW"})
        inbox = lambda: self.suite.call("notification.Inboxes", {})["rows"][0]
        self.wait_until(lambda: inbox()["delivered"] == inbox().get("acknowledged"), department)
        self.stop_department(department)

        # It starts again and has nothing to do.
        department = self.start_department()
        time.sleep(2)
        self.stop_department(department)
        self.assertEqual(len(self.answers()), 3)
        self.assertEqual(self.suite.stop(), 0)

    def test_a_key_of_another_department_sees_nothing(self):
        self.open_class()
        self.suite.call("notification.OpenInbox", {"agency": "education", "department": "EDUCATION"}, ADMINISTRATION)
        department = self.start_department("education")
        time.sleep(2)
        self.stop_department(department)
        self.assertEqual(self.waiting(), ["veterans"])

    def test_a_key_that_nobody_knows_is_not_let_in(self):
        import zmq
        public, secret = zmq.curve_keypair()
        path = pathlib.Path(self.suite.data, "keys", "stranger.key")
        path.write_bytes(public + b"\n" + secret + b"\n")
        path.chmod(0o600)
        department = self.start_department("stranger")
        time.sleep(3)
        self.assertIsNone(department.poll())    # it goes on asking, and is not told anything
        self.stop_department(department)


if __name__ == "__main__":
    BIN = sys.argv.pop(1)
    unittest.main()
