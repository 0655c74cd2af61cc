"""Keys over a network: a new one, one that is revoked, one whose last day ends, one rolled over, one that is another's.

    keys_test.py [--quick | --long] [--runs N] [--seed N]

Two of the five services run, each on its host: the ledger, and notification, which follows it. Other hosts keep silent: a service does not
need those that it follows in order to serve.
"""
import datetime
import os
import sys
import time
import unittest

from hosts import Hosts, figures
from net import arguments
from rehearsal import chance
from suite import PATIENCE, Keys, wait_for, wire
from jineng.v1 import common_pb2 as common
from jineng.v1 import envelope_pb2 as envelope
from jineng.v1 import ledger_pb2 as ledger
from jineng.v1 import runtime_pb2 as runtime

GIVEN = arguments()
CITY = datetime.timezone(datetime.timedelta(hours=8))
ACCOUNT = ledger.AccountRequest(fund=common.SKILLS_ACCOUNT, division=130100, year=2015)
NO_ANSWER_S = 2.5  # what must not come has not come by then
STATS = ("denied", "turned_away")


def appropriate(number):
    return ledger.Appropriate(fund=common.SKILLS_ACCOUNT, division=130100, amount_fen=100 + number, day=16436, document=f"no. {number}")


def noon_of_tomorrow():
    """In the city; how far off it is, in seconds. So no test begins at a day's end."""
    now = datetime.datetime.now(CITY)
    return round((now.replace(hour=12, minute=0, second=0) + datetime.timedelta(days=1) - now).total_seconds())


def day(seconds_off):
    return (datetime.datetime.now(CITY) + datetime.timedelta(seconds=seconds_off)).date().isoformat()


class Story:
    """Two services and who asks them; what was appropriated is remembered."""

    def __init__(self, hosts):
        self.hosts, self.fen, self.count = hosts, 0, 0
        self.operator = hosts.client("operator", "ledger")
        self.reader = hosts.client("operator", "notification")

    def appropriate(self, client):
        self.count += 1
        client.ask("Appropriate", appropriate(self.count), ledger.Posted)
        self.fen += 100 + self.count

    def read_by_follower(self):
        """Whether notification has read all that the ledger has written."""
        head = self.operator.stand().block
        return [one.block for one in self.reader.stand().cursors if one.upstream == "ledger"] == [head]

    def appropriated_fen(self):
        """What the account has got: each command once, or it differs."""
        view = self.operator_view()
        return sum(one.appropriated_fen for one in view.rows)

    def operator_view(self):
        return self.hosts.client("auditor", "ledger").query("Accounts", ledger.AccountsRequest(year=2015), ledger.AccountsView)


def revoke(test, hosts, name, revoked=True):
    """With the tool, on the machine where it matters; taken back by hand."""
    if revoked:
        done = hosts.office.jineng("keys", "revoke", name)
        test.assertEqual(done.returncode, 0, done.stderr)
    hosts.entry(name)["revoked"] = revoked
    hosts.publish()


def code_of(client, request, seconds=NO_ANSWER_S):
    reply = client.answer(request, seconds)
    return envelope.Code.Name(reply.code) if reply else "nothing"


class KeysTest(unittest.TestCase):
    """One deployment for all: it is what takes time."""

    @classmethod
    def setUpClass(cls):
        cls.random, cls.began = chance(GIVEN.seed), time.monotonic()
        cls.hosts = Hosts(GIVEN.seed)
        try:
            for idle in ("enrollment", "certification", "subsidy"):
                cls.hosts.net.order_all("set", f"*>{idle}", hold=["up", "down"])
            cls.noon = noon_of_tomorrow()
            for name in ("ledger", "notification"):
                cls.hosts[name].shift_clock(cls.noon)
            cls.hosts.up("ledger", "notification")
        except BaseException:
            cls.tearDownClass()
            raise
        cls.story, cls.checks = Story(cls.hosts), 0

    @classmethod
    def tearDownClass(cls):
        if hasattr(cls, "checks"):
            print(f"hosts keys: seed {GIVEN.seed}: {cls.checks} tests, {cls.story.count} commands under {len(cls.hosts.config['agencies'])} "
                  f"agencies; {figures(cls.hosts.net)}; {time.monotonic() - cls.began:.1f} s", file=sys.stderr)
        cls.hosts.close()

    def tearDown(self):
        """Whatever the story was: what was told is so, once each, and the follower has it."""
        wait_for("the follower has read it all", self.story.read_by_follower)
        self.assertEqual(self.story.appropriated_fen(), self.story.fen, "an appropriation was lost, or booked twice")
        type(self).checks += 1
        kept = (self.story.operator, self.story.reader)
        for client in [one for one in self.hosts.clients if one not in kept]:
            client.close()  # those that are turned away would try for ever
        self.hosts.clients[:] = kept

    def finance(self, keys=None):
        return self.hosts.client("finance", "ledger", keys)

    def newcomer(self, name, **more):
        """An agency with a key of its own, in the configuration that all hosts get now."""
        keys = Keys()
        self.hosts.config["agencies"].append({"name": name, "key": keys.public.decode(), "roles": ["finance"], **more})
        self.hosts.publish()
        return keys

    # ---- New ----

    def test_a_new_key_is_let_in_while_all_runs(self):
        keys = Keys()
        early = self.finance(keys)
        self.assertEqual(code_of(early, early.command("Appropriate", appropriate(0))), "nothing")
        self.hosts.config["agencies"].append({"name": "newcomer", "key": keys.public.decode(), "roles": ["finance"]})
        self.hosts.publish()
        client = self.finance(keys)
        self.story.appropriate(client)
        self.assertGreater(self.story.operator.stats()["turned_away"], 0)

    # ---- Revoked ----

    def test_a_revoked_key_is_refused_on_the_connection_that_it_had(self):
        client = self.finance(self.newcomer("leaver"))
        self.story.appropriate(client)
        revoke(self, self.hosts, "leaver")
        wait_for("it is refused", lambda: code_of(client, client.request("Account", ACCOUNT)) == "DENIED", 10)
        self.assertEqual(code_of(client, client.command("Appropriate", appropriate(0))), "DENIED")

    def test_what_a_revoked_key_has_asked_for_before_is_not_done(self):
        """A command that is held until the clock stands somewhere, and a feed that is waited for."""
        keys = self.newcomer("holder")
        client = self.finance(keys)
        self.story.appropriate(client)
        feed = self.finance(keys)  # by now it is let in
        standing = self.story.operator.stand()
        client.send(client.command("Appropriate", appropriate(0), not_before_ms=standing.time_ms + 1000))
        feed.send(feed.request("Feed", runtime.FeedRequest(after=standing.block, wait_ms=5000)))
        time.sleep(1)  # both have come
        revoke(self, self.hosts, "holder")
        wait_for("the ledger has read it", lambda: code_of(client, client.request("Account", ACCOUNT)) == "DENIED", 4)
        # Now the clock moves, and something happens: both are answered.
        self.story.operator.query("Advance", runtime.AdvanceTo(time_ms=standing.time_ms + 1000), runtime.Standing)
        self.story.appropriate(self.finance())
        self.assertEqual(self.answers_of(client), {"DENIED"})
        self.assertEqual(self.answers_of(feed), {"DENIED"})

    def answers_of(self, client):
        found = set()
        while reply := client.receive(6 if not found else 0.5):
            found.add(envelope.Code.Name(reply.code))
        return found

    # ---- At its end ----

    def test_a_key_runs_out_with_its_last_day_also_on_the_connection_that_it_had(self):
        keys = self.newcomer("passer", valid_through=day(self.noon))
        client = self.finance(keys)
        self.story.appropriate(client)
        feed = self.finance(keys)  # by now it is let in
        standing = self.story.operator.stand()
        client.send(client.command("Appropriate", appropriate(0), not_before_ms=standing.time_ms + 1000))
        feed.send(feed.request("Feed", runtime.FeedRequest(after=standing.block, wait_ms=5000)))
        time.sleep(1)  # both have come
        self.hosts["ledger"].shift_clock(self.noon + 13 * 3600)
        self.story.operator.query("Advance", runtime.AdvanceTo(time_ms=standing.time_ms + 1000), runtime.Standing)
        self.assertEqual(self.answers_of(client), {"DENIED"})
        self.assertEqual(self.answers_of(feed), {"DENIED"})
        late = self.finance(keys)
        self.assertEqual(code_of(late, late.command("Appropriate", appropriate(0))), "nothing")
        self.hosts["ledger"].shift_clock(self.noon)
        self.assertEqual(code_of(client, client.command("Appropriate", appropriate(0), not_before_ms=1)), "OK")
        self.story.fen += 100

    def test_a_key_that_was_used_up_before_all_began(self):
        keys = self.newcomer("yesterdays", valid_through=day(self.noon - 86400))
        client = self.finance(keys)
        self.assertEqual(code_of(client, client.command("Appropriate", appropriate(0))), "nothing")

    def test_a_clock_that_is_set_back_holds_up_nobody(self):
        """With the question that was out at that moment lost."""
        finance = self.finance()
        self.story.appropriate(finance)
        for name in ("ledger", "notification"):
            self.hosts[name].shift_clock(self.noon - 2 * 86400)
        self.hosts.net.order("reset", "notification>ledger")
        self.story.appropriate(finance)
        wait_for("the follower goes on", self.story.read_by_follower)
        for name in ("ledger", "notification"):
            self.hosts[name].shift_clock(self.noon)

    # ---- A follower ----

    def test_a_revoked_follower_gets_nothing_and_goes_on_where_it_was_when_it_is_taken_back(self):
        finance = self.finance()
        self.story.appropriate(finance)
        wait_for("read", self.story.read_by_follower)
        read = self.cursor()
        revoke(self, self.hosts, "notification")
        wait_for("the ledger says no to it", lambda: "feed=refused" in self.hosts["notification"].log())
        self.hosts.net.order("reset", "notification>ledger")  # and at the door, too
        for _ in range(20):
            self.story.appropriate(finance)
        time.sleep(NO_ANSWER_S)
        self.assertEqual(self.cursor_at_home(), read, "a revoked follower has read on")
        revoke(self, self.hosts, "notification", False)
        wait_for("it has caught up", self.story.read_by_follower, PATIENCE)

    def cursor(self):
        return next(one.block for one in self.story.reader.stand().cursors if one.upstream == "ledger")

    cursor_at_home = cursor

    # ---- Rolled over ----

    def test_a_services_key_is_rolled_over(self):
        """Everybody's configuration knows the new one a moment sooner or later; nobody is started again but the service itself."""
        if GIVEN.quick:
            self.skipTest("a part of it")
        old = self.finance()
        self.story.appropriate(old)
        host = self.hosts["ledger"]
        os.rename(host.path("keys", "ledger.key"), host.path("keys", "ledger.key.old"))
        self.hosts.make_key("ledger")
        self.hosts.publish("ledger", "office")
        self.hosts.down("ledger")
        self.hosts.up("ledger")
        os.unlink(host.path("keys", "ledger.key.old"))
        self.story.operator = self.hosts.client("operator", "ledger")
        self.story.appropriate(self.finance())
        time.sleep(1.5)
        self.assertFalse(self.story.read_by_follower(), "it follows under a key that it does not know")
        self.hosts.publish()
        wait_for("the follower goes on", self.story.read_by_follower, PATIENCE)
        self.assertEqual(code_of(old, old.command("Appropriate", appropriate(0))), "nothing", "the old key still opens a door")

    def test_a_followers_own_key_is_rolled_over(self):
        """It speaks under a key of which the ledger learns later."""
        if GIVEN.quick:
            self.skipTest("a part of it")
        host = self.hosts["notification"]
        os.rename(host.path("keys", "notification.key"), host.path("keys", "notification.key.old"))
        self.hosts.make_key("notification")
        self.hosts.publish("notification", "office")
        self.hosts.down("notification")
        self.hosts.up("notification")
        os.unlink(host.path("keys", "notification.key.old"))
        self.story.reader = self.hosts.client("operator", "notification")
        self.story.appropriate(self.finance())
        wait_for("the ledger has turned it away", lambda: self.story.operator.stats()["turned_away"] > 0)
        self.hosts.publish("ledger")
        wait_for("the follower goes on", self.story.read_by_follower, PATIENCE)

    # ---- Another's ----

    def test_a_service_under_another_key_is_not_spoken_to(self):
        before = self.story.operator.stats()
        client = self.hosts.client("finance", "ledger", server_key=Keys().public)
        self.assertEqual(code_of(client, client.command("Appropriate", appropriate(0))), "nothing")
        after = self.story.operator.stats()
        self.assertEqual({name: after[name] - before[name] for name in STATS}, dict.fromkeys(STATS, 0), "it got as far as to say who it is")

    def test_the_keys_of_another_machine_open_nothing(self):
        """An agency's key, under which nothing may be commanded; a service's, which the configuration has as such."""
        auditor = self.hosts.client("auditor", "ledger")
        self.assertEqual(code_of(auditor, auditor.command("Appropriate", appropriate(0))), "DENIED")
        stolen = Keys()
        stolen.public, stolen.secret = (line.encode() for line in self.hosts["notification"].read("keys", "notification.key").split())
        service = self.hosts.client("notification", "ledger", keys=stolen, host="notification")
        self.assertEqual(code_of(service, service.command("Appropriate", appropriate(0))), "DENIED")
        self.assertEqual(code_of(service, service.request("Stats", runtime.StatsRequest())), "DENIED")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2 if GIVEN.long else 1)
