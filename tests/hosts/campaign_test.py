"""A campaign over five hosts, one agency's service each, while what lies between them fails: the totals are what they would have been.

    campaign_test.py [--quick | --long] [--runs N] [--seed N]      a seed draws the same disturbances; their moments still differ
"""
import json
import sys
import time
import unittest

from hosts import OFFICE, Hosts, figures
from net import arguments
from rehearsal import PLAY_TIMEOUT, SERVICES, campaign, chance, differences
from suite import PATIENCE, wait_for
from jineng.v1 import enrollment_pb2 as enrollment
from jineng.v1 import runtime_pb2 as runtime

GIVEN = arguments()
SMALL = campaign("small")
# What follows from the sheets alone. (How many items an inbox gets depends on when it is looked into: deadlines are warned of or not.)
DETERMINED = SERVICES[:4]
FOLLOWINGS = 10  # certification 1, ledger 2, subsidy 3, notification 4
AWAY_S = 30 if GIVEN.long else 11
DAY_MS = 86_400_000


def paid_rows(hosts):
    """Of the ledger's events, as the auditor reads them: claims and fen."""
    done = hosts.office.jineng("events", "ledger", "--type", "paid", "--as", "auditor", "--json")
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        for row in json.loads(line)["event"]["paid"]["rows"]:
            yield int(row["claim"]), int(row["amount_fen"])


def events(hosts):
    return {name: hosts.client("operator", name).stand().events for name in DETERMINED}


def expected_paid():
    with open(f"{SMALL}/expected.json", encoding="utf-8") as file:
        paid = json.load(file)["paid"]
    return paid["count"], int(paid["amount"].replace(".", ""))


class Weather:
    """Strikes each link at least once, several at a time, in another way each time."""

    KINDS = ("reset", "hold", "deaf up", "deaf down", "slow", "narrow", "alter up", "alter down")

    def __init__(self, hosts, random):
        self.hosts, self.net, self.random = hosts, hosts.net, random
        self.done, self.told, self.began = dict.fromkeys((*self.KINDS, "cut"), 0), [], time.monotonic()
        self.struck, self.cuts = set(), 0
        self.links = wait_for("the followers' links", self.links_in_use)
        self.rounds = [one for _ in range(3 if GIVEN.long else 1) for one in self.plan()]

    def links_in_use(self):
        """Those of the ten followings, and the office's own; what nobody uses cannot be missed."""
        links = [link for link in self.net.links if link.startswith(OFFICE) or self.net.order("figures", link)["open"]]
        return links if len(links) == FOLLOWINGS + len(SERVICES) else None

    def plan(self):
        """All links in random groups, each with a kind; in between a host whose wire is pulled. No kind is left out."""
        links, kinds = list(self.links), list(self.KINDS)
        self.random.shuffle(links)
        self.random.shuffle(kinds)
        rounds = [(kind, links[number::len(kinds)]) for number, kind in enumerate(kinds)]
        rounds.insert(self.random.randrange(2, len(rounds)), ("cut", [self.random.choice(SERVICES)]))
        return rounds

    def note(self, what):
        self.told.append(f"{time.monotonic() - self.began:7.2f} s  {what}")

    def strike(self):
        kind, links = self.rounds.pop(0)
        self.note(f"{kind}: {' '.join(links)}")
        self.done[kind] += len(links)
        self.struck.update(links)
        if kind == "cut":
            self.cut(links[0])
        for link in links if kind != "cut" else ():
            self.strike_one(kind.split(" "), link)
        time.sleep(self.random.uniform(0.2, 0.8))
        if kind in ("hold", "slow", "narrow"):
            time.sleep(self.random.uniform(0.5, 2.5))
            for link in links:
                self.net.order("set", link, hold=[], delay_ms=0, jitter_ms=0, rate=0)

    def strike_one(self, kind, link):
        order, way = kind[0], kind[-1]
        try:
            wait_for("who could feel it", lambda: self.net.order("figures", link)["open"], 12)
        except AssertionError:
            self.note(f"nobody is on {link}")  # the play has ended, or waits for others
        if order == "reset":
            self.net.order("reset", link)
        elif order == "hold":
            self.net.order("set", link, hold=self.random.choice((["up", "down"], ["up"], ["down"])))
        elif order == "deaf":
            self.net.order("mute", link, way=way)
        elif order == "slow":
            self.net.order("set", link, delay_ms=100, jitter_ms=50)
        elif order == "narrow":
            self.net.order("set", link, rate=16_000)
        else:
            self.net.order("alter", link, way=way, chunks=1)

    def cut(self, host):
        """For longer than clients' heartbeats, and followers' patience, take to notice."""
        self.cuts += 1
        self.net.wire(host, up=False)
        time.sleep(AWAY_S)
        self.net.wire(host, up=True)


class Campaign(unittest.TestCase):
    def test_five_hosts(self):
        seed = GIVEN.seed
        for run in range(GIVEN.runs):
            with self.subTest(seed=seed + run):
                self.one_run(seed + run)

    def one_run(self, seed):
        random, began = chance(seed), time.monotonic()
        with Hosts(seed) as hosts:
            hosts.up()
            done = hosts.office.jineng("play", SMALL, "--json")
            self.assertEqual((done.returncode, differences(SMALL, done.stdout)), (0, []), done.stderr)
            determined = events(hosts)
            self.must_hold(hosts, done.stdout)
            hosts.assert_sound()
            looked = hosts.assert_nothing_is_shared()
            if not GIVEN.quick:
                self.a_host_keeps_itself(hosts[random.choice(SERVICES)])
            print(f"hosts campaign: seed {seed}: {looked} files of 6 hosts hold no other's secret; {figures(hosts.net)}; "
                  f"{time.monotonic() - began:.1f} s", file=sys.stderr)
        if not GIVEN.quick:
            self.in_bad_weather(seed, random, done.stdout, determined)

    def a_host_keeps_itself(self, host):
        """Its copy is made and proven with what lies on it alone, while its service runs; from it comes a folder like its own."""
        copy, restored = (f"{host.folder}/{name}" for name in ("copy", "restored"))
        for words in (("backup", copy), ("restore", copy, restored), ("verify", "--data", restored)):
            done = host.jineng(*words)
            self.assertEqual(done.returncode, 0, f"{host.name}: {words[0]}: {done.stdout}{done.stderr}")

    def in_bad_weather(self, seed, random, undisturbed, determined):
        with Hosts(seed) as hosts:
            hosts.up()
            weather = Weather(hosts, random)
            try:
                plays = self.play_in(hosts, weather, undisturbed)
                self.assertEqual(events(hosts), determined, "something was done twice, or not at all")
                self.must_hold(hosts, undisturbed)
                self.assertEqual(set(weather.links) - weather.struck, set(), "a link was spared")
                felt = hosts.net.figures()
                self.assertTrue(felt["resets"] and felt["muted"] and felt["altered"], felt)
                self.a_host_is_away_for_a_day(hosts, random.choice(SERVICES[1:]))
                cursors = hosts.assert_sound()
            except BaseException:
                print(f"seed {seed}:", *weather.told, sep="\n  ", file=sys.stderr)
                raise
            print(f"hosts weather: seed {seed}: {plays} plays, {len(weather.links)} links struck, "
                  f"{', '.join(f'{count} {kind}' for kind, count in weather.done.items())}; {cursors} cursors compared; "
                  f"{figures(hosts.net)}; {time.monotonic() - weather.began:.1f} s", file=sys.stderr)

    def play_in(self, hosts, weather, undisturbed):
        """Until every link was struck while a play was under way, and the last play came through undisturbed; how many there were."""
        hosts.net.order_all("set", "*", delay_ms=5, jitter_ms=10)  # so that it lasts
        plays = 1
        player = hosts.office.launch("play", "play", SMALL, "--json")
        try:
            while weather.rounds:
                if player.poll() is not None:
                    self.assertEqual(player.returncode, 0, hosts.office.said("play.err")[-1000:])
                    self.assertEqual(hosts.office.said("play.out"), undisturbed)
                    plays += 1
                    player = hosts.office.launch("play", "play", SMALL, "--json")
                weather.strike()
            weather.note("the sky clears")
            hosts.net.order_all("set", "*", delay_ms=0, jitter_ms=0, rate=0, hold=[])
            self.assertEqual(player.wait(PLAY_TIMEOUT), 0, hosts.office.said("play.err")[-1000:])
            self.assertEqual(hosts.office.said("play.out"), undisturbed)
        finally:
            player.kill()
            player.wait()
        return plays

    def must_hold(self, hosts, printed):
        self.assertEqual(differences(SMALL, printed), [])
        rows = list(paid_rows(hosts))
        self.assertEqual(len({claim for claim, _ in rows}), len(rows), "a claim was paid twice")
        self.assertEqual((len(rows), sum(fen for _, fen in rows)), expected_paid())
        said = [line for line in hosts.log_lines("level=error", "level=warning", "ssert", "Sanitizer", "runtime error")]
        self.assertEqual(said[:10], [])

    # ---- A host is away ----

    def a_host_is_away_for_a_day(self, hosts, away):
        """Its wire is pulled; the others work on, through a day; it keeps serving its own machine, and catches up after."""
        there = [name for name in SERVICES if name != away]
        operators = {name: hosts.client("operator", name) for name in there}
        key = hosts.office.read("keys", "operator.key")
        at_home = hosts.client("operator", away, keys=key_pair(key), host=away)
        before = at_home.stand()
        hosts.net.wire(away, up=False)
        pulled = time.monotonic()
        self.work_through_a_day(hosts, operators, before.time_ms)
        time.sleep(max(0.0, AWAY_S - (time.monotonic() - pulled)))
        during = at_home.stand()
        self.assertEqual([(one.upstream, one.block) for one in during.cursors], [(one.upstream, one.block) for one in before.cursors],
                         f"{away} has heard of others over a wire that was pulled")
        hosts.net.wire(away, up=True)
        heads = {name: operator.stand().block for name, operator in operators.items()}
        wait_for(f"{away} has caught up", lambda: all(one.block >= heads[one.upstream] for one in at_home.stand().cursors))
        hosts.client("operator", away).query("Advance", runtime.AdvanceTo(time_ms=before.time_ms + DAY_MS), runtime.Standing)

    def work_through_a_day(self, hosts, operators, from_ms):
        administration = hosts.client("human_resources.administration", "enrollment")
        for number in range(40):
            project = enrollment.Project(code=f"AWAY-{number}", name="away", occupation="6-18-01-01", level=5, hours=40)
            administration.ask("ListProjects", enrollment.ListProjects(rows=[project]), enrollment.Outcomes)
        for operator in operators.values():
            operator.query("Advance", runtime.AdvanceTo(time_ms=from_ms + DAY_MS), runtime.Standing)
        head = operators["enrollment"].stand().block
        for name, operator in operators.items():
            if name != "enrollment":
                wait_for(f"{name} goes on", lambda: all(one.block >= head for one in operator.stand().cursors
                                                        if one.upstream == "enrollment"), PATIENCE)


def key_pair(text):
    class Pair:
        public, secret = (line.encode() for line in text.split())
    return Pair


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
