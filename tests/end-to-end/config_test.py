"""A configuration that cannot be used stops a service before it does anything, with a sentence that names the file and the line."""
import os
import re
import shutil
import subprocess
import unittest

from suite import BIN, Suite


class Config(unittest.TestCase):
    def setUp(self):
        self.suite = Suite(["probe"])
        self.addCleanup(self.suite.__exit__, None, None, None)

    def start(self, change=None, text=None, mode=0o600):
        """The exit code and what was said, after the text of jineng.yaml was changed."""
        with open(self.suite.config_path, encoding="utf-8") as file:
            lines = file.read()
        with open(self.suite.config_path, "w", encoding="utf-8") as file:
            file.write(text if text is not None else change(lines))
        os.chmod(self.suite.config_path, mode)
        done = subprocess.run([os.path.join(BIN, "jineng-probe"), "--config", self.suite.config_path], capture_output=True,
                              text=True, timeout=60, check=False)
        return done.returncode, done.stderr

    def assert_refused(self, words, change=None, line=None, **how):
        code, said = self.start(change, **how)
        self.assertEqual(code, 78, said)
        self.assertIn(words, said)
        self.assertIn(self.suite.config_path, said)
        if line:
            with open(self.suite.config_path, encoding="utf-8") as file:
                at = next(number for number, text in enumerate(file, 1) if line in text)
            self.assertIn(f"{self.suite.config_path}:{at}:", said)
        self.assertFalse(os.path.exists(os.path.join(self.suite.data, "probe", "log")), "something was done before")

    def test_an_unknown_key_names_file_and_line(self):
        self.assert_refused("colour", lambda text: text + "colour: red\n", line="colour")

    def test_an_unknown_key_inside_an_agency(self):
        self.assert_refused("office", lambda text: text.replace("- name: auditor\n", "- name: auditor\n  office: upstairs\n"),
                            line="office")

    def test_an_unknown_role(self):
        self.assert_refused("wizard", lambda text: text.replace("- attestor", "- wizard"), line="wizard")

    def test_a_production_configuration_refuses_a_driven_clock(self):
        self.assert_refused("production", lambda text: text.replace("mode: rehearsal", "mode: production").replace(
            "clock: real", "clock: driven\nclock_start: '2020-01-01'"))

    def test_a_rehearsal_may_drive_its_clock(self):
        self.suite.config.update(clock="driven", clock_start="2020-01-01")
        self.suite.write_config()
        self.suite.start()
        self.suite.stop()

    def test_no_flag_turns_access_control_off(self):
        for flag in ("--no-auth", "--insecure", "--open", "--clock=driven", "--mode=rehearsal"):
            done = subprocess.run([os.path.join(BIN, "jineng-probe"), "--config", self.suite.config_path, flag], capture_output=True,
                                  text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 2, flag)

    def test_a_key_used_twice(self):
        self.suite.config["agencies"][1]["key"] = self.suite.config["agencies"][0]["key"]
        self.suite.write_config()
        self.assert_refused("auditor", lambda text: text)

    def test_a_key_that_is_none(self):
        self.suite.config["agencies"][1]["key"] = "abc"
        self.suite.write_config()
        self.assert_refused("auditor", lambda text: text)

    def test_what_is_no_yaml(self):
        self.assert_refused("", text="\t- : {")
        self.assert_refused("", text="")
        self.assert_refused("", text="\0" * 40)

    def test_a_file_that_others_may_write(self):
        self.assert_refused("chmod", lambda text: text, mode=0o666)

    def test_a_service_that_is_not_named(self):
        code, said = self.start(lambda text: text.replace("name: probe", "name: sonde"))
        self.assertEqual(code, 78)
        self.assertRegex(said, "probe.*add it")

    def test_a_key_that_others_may_read(self):
        path = os.path.join(self.suite.data, "keys", "probe.key")
        os.chmod(path, 0o644)
        code, said = self.start(lambda text: text)
        self.assertEqual(code, 78)
        self.assertIn(path, said)
        shutil.copy(os.path.join(self.suite.data, "keys", "auditor.key"), path)
        os.chmod(path, 0o600)

    def test_a_key_that_is_not_the_one_others_know_it_by(self):
        other = self.suite.config["agencies"][1]["key"]
        self.suite.config["agencies"][1]["key"], self.suite.config["services"][0]["key"] = self.suite.config["services"][0]["key"], other
        self.suite.write_config()
        self.assert_refused("keys/probe.key is not the key", lambda text: text)

    def test_an_address_in_use(self):
        self.suite.start()
        other = Suite(["probe"])
        self.addCleanup(other.__exit__, None, None, None)
        other.config["services"][0]["endpoint"] = self.suite.config["services"][0]["endpoint"]
        other.write_config()
        process = other.launch("probe")
        self.assertEqual(process.wait(30), 78)
        self.assertTrue(re.search("cannot be bound.*another suite", other.log("probe")), other.log("probe"))

    def test_a_broken_change_is_not_taken_while_it_runs(self):
        self.suite.start()
        operator = self.suite.client("operator", "probe")
        operator.stand()
        with open(self.suite.config_path, "a", encoding="utf-8") as file:
            file.write("colour: red\n")
        while "colour" not in self.suite.log("probe"):
            operator.stand()
        operator.stand()


if __name__ == "__main__":
    unittest.main()
