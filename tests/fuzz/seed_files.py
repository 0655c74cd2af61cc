"""Seeds of what comes as a file or a text: packs, cases, sheets, configurations, bank files, JSON; and their dictionaries."""

import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import tempfile

import yaml
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SERVICES = ("enrollment", "certification", "subsidy", "ledger", "notification")
BETWEEN = b"\x1e"
SHEETS = ("divisions", "appropriations", "standards", "reference", "institutions", "projects", "classes", "roster", "attendance",
          "results", "attestations", "history")
CASES_IN_A_FILE = 5
MESSAGES_A_METHOD = 2


def write_corpus(target, seeds):
    corpus = HERE / "corpus" / target
    shutil.rmtree(corpus, ignore_errors=True)
    corpus.mkdir(parents=True)
    for seed in seeds:
        (corpus / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    print(f"{target}: {len(list(corpus.iterdir()))} seeds of {sum(len(seed) for seed in seeds)} bytes")


def write_dictionary(target, words):
    folder = HERE / "dictionary"
    folder.mkdir(exist_ok=True)
    lines = "".join('"' + "".join(f"\\x{byte:02x}" if byte >= 0x7f or byte < 0x20 or byte in b'"\\' else chr(byte)
                                  for byte in word.encode()) + '"\n' for word in sorted(set(words)))
    (folder / f"{target}.dict").write_text(lines, encoding="ascii")


def words_in(pattern, folder):
    """What stands in quotation marks in sources: keys, words, column names."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).glob("*.[ch]")))
    return {word for text in texts for word in re.findall(pattern, text)}


def packs():
    whole = (ROOT / "deploy" / "policy" / "shijiazhuang-2019.yaml").read_text(encoding="utf-8")
    pack = yaml.safe_load(whole)
    head = {key: value for key, value in pack.items() if key not in ("rules", "limits", "readings")}
    seeds = [whole]
    for rule in pack["rules"]:
        seeds.append(yaml.safe_dump({**head, "rules": [rule], "limits": []}, allow_unicode=True, sort_keys=False))
    for limit in pack["limits"]:
        seeds.append(yaml.safe_dump({**head, "rules": pack["rules"][:2], "limits": [limit]}, allow_unicode=True,
                                    sort_keys=False))
    seeds += [path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "policy" / "packs").glob("*.yaml"))]
    write_corpus("pack", [seed.encode() for seed in seeds])
    words = words_in(r'"([a-z_]{2,30})"', "services/subsidy/policy") | words_in(r'"([a-z_]{2,30})"', "services/domain")
    write_dictionary("pack", words | {"- ", ": ", "{", "}", "[", "]", "&a ", "*a", "|", "~", "\n  "})
    write_dictionary("cases", words | {"- name: ", ": ", "{", "}", "[", "]", "2020-06-30", "130102"})


def cases():
    seeds = []
    for name in ("cases-own.yaml", "cases-open.yaml"):
        head, *each = (ROOT / "tests" / "policy" / name).read_text(encoding="utf-8").split("\n- name:")
        step = CASES_IN_A_FILE * (2 if name == "cases-own.yaml" else 6)
        for start in range(0, len(each), step):
            seeds.append(head + "".join("\n- name:" + case for case in each[start:start + CASES_IN_A_FILE]) + "\n")
    write_corpus("cases", [seed.encode() for seed in seeds])


def sheets():
    seeds = []
    for campaign in sorted((ROOT / "tests" / "campaigns").iterdir()):
        for lines in (2, 5, 9):
            parts = []
            for name in SHEETS:
                path = campaign / f"{name}.csv"
                rows = path.read_bytes().splitlines(keepends=True) if path.exists() else []
                parts.append(b"".join(rows[:lines]))
            seeds.append(BETWEEN.join(parts))
    mixed = "区划代码,区划名称\n130102,长安区\n".encode("gb18030")
    seeds.append(BETWEEN.join([mixed] + seeds[0].split(BETWEEN)[1:]))
    write_corpus("sheets", seeds)
    columns = words_in(r'"([a-z_0-9]{2,30}|[\u4e00-\u9fff（）]{2,20})"', "services/cli/campaign")
    words = words_in(r'"([a-z_]{2,30}|[\u4e00-\u9fff]{2,12})"', "services/domain")
    write_dictionary("sheets", columns | words | {"\x1e", ",", "\r\n", '"', '""', ";", "2020-05-01", "130102", "0.01", "１３"})


def configurations(build):
    with tempfile.TemporaryDirectory(prefix="jineng-seeds-") as folder:
        data = pathlib.Path(folder) / "data"
        subprocess.run([build / "bin" / "jineng", "init", data], check=True, stdout=subprocess.DEVNULL)
        whole = (data / "jineng.yaml").read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    keys = b"\x1e" + b"0" * 40 + b"\n" + b"1" * 40 + b"\n"
    seeds = [whole.encode(), "".join(lines[:30]).encode() + keys, b"city: 130100" + keys]
    party = ("- name: veterans\n  key: \"" + "0" * 40 + "\"\n  roles: [attestor, inbox]\n  department: VETERANS\n"
             "  groups: [VETERAN]\n  divisions: [130102]\n  valid_through: 2021-12-31\n  revoked: true\n")
    for head in ("mode: rehearsal\nclock: driven\nclock_start: 2019-10-27\n", "mode: production\nclock: real\nmap_gib: 8\n"):
        seeds.append((head + "services:\n- name: ledger\n  endpoint: tcp://127.0.0.1:7704\n  key: \"" + "1" * 40 +
                      "\"\n  roles: [service, payer]\nagencies:\n" + party).encode())
    write_corpus("config", seeds)
    words = words_in(r'"([a-z_]{2,30}):?"', "services/runtime") | words_in(r'"([a-z_A-Z]{2,30})"', "services/domain")
    write_dictionary("config", words | {"- name: ", ": ", "tcp://", "ipc://", "[", "]", '"', "~", "&a ", "*a"})


def proofs(build):
    """A small ledger's heads, the proofs of all its records under each, the ways between them: given/proof is all that holds."""
    given = HERE / "given" / "proof"
    shutil.rmtree(given, ignore_errors=True)
    given.mkdir(parents=True)
    program = build / "bin" / "jineng"
    with tempfile.TemporaryDirectory(prefix="jineng-seeds-") as folder:
        data = pathlib.Path(folder) / "data"

        def jineng(*arguments):
            return subprocess.run([program, *arguments, "--data", data], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)

        subprocess.run([program, "init", data, "--driven", "--start", "2020-01-01", "--base-port", "any"], check=True, stdout=subprocess.DEVNULL)
        up = subprocess.Popen([program, "up", "ledger", "--data", data], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        try:
            while up.stdout.readline() not in (b"ready\n", b""):
                pass
            blocks = [prove_all(jineng, given, name, rows) for name, rows in (("a", (1, 1, 3)), ("b", (2, 1)))]
            (given / "key.pub").write_text(jineng("keys", "public", "ledger").stdout, encoding="ascii")
            for old, new in ("aa", "ab", "bb"):
                jineng("proof", "consistency", given / f"{old}.head", given / f"{new}.head", "--key", given / "key.pub", "--out",
                       given / f"{old}-{new}.extension")
        finally:
            up.terminate()
            up.wait()
    files = [path.read_bytes() for path in sorted(given.iterdir())]
    write_corpus("proof", files + [receipt(given)])
    print(f"proof: heads of blocks {blocks}, {len(files)} files given")


def receipt(given):
    """A head, a proof under it and a pack, as receipts carry them: protobuf's tag and length before each."""
    parts = ((given / "a.head").read_bytes().split(b"\n", 1)[1], (given / "a-1-0.proof").read_bytes().split(b"\n", 1)[1], b"pack")
    return b"jineng receipt 1\n" + b"".join(bytes([field << 3 | 2]) + varint(len(part)) + part for field, part in enumerate(parts, 1))


def varint(number):
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)


def prove_all(jineng, given, name, commands):
    """So many rows a command; then a head, and under it the proof of each record that there is."""
    for rows in commands:
        row = {"fund": "SKILLS_ACCOUNT", "division": 130100, "amount_fen": 100, "day": "2020-01-01", "document": "x"}
        jineng("call", "ledger.AppropriateAll", "--as", "finance", json.dumps({"rows": [row] * rows}))
    head = given / f"{name}.head"
    jineng("head", "ledger", "--out", head)
    places = re.findall(r"^(\d+)\.(\d+) ", jineng("events", "ledger").stdout, re.M)
    for block, record in places:
        jineng("proof", "make", "ledger", "--block", block, "--record", record, "--head", head,
               "--out", given / f"{name}-{block}-{record}.proof")
    return places[-1][0]


# ---- JSON ----

# The batch that bank.c holds answers against.
ORDER = '''批次号,JN-12,日期,2020-03-02,币种,CNY,总笔数,5,总金额,2334.57,付款户名,石家庄市人力资源和社会保障局,付款账号,13001615108050001234,付款行,105121000012
序号,收款户名,收款账号,开户行行号,金额,用途,附言
1,某某培训学校,13050161000000001,313121006888,600.00,培训费,JN-12-101
2,陈小明,6222020402001234567,,0.01,,JN-12-102
3,"""A&B"" <Skills>, Ltd",6217000000100000656,河北银行,1234.56,"生活费, 交通费",JN-12-103
4,张三,6217000000100000664,,200.00,,JN-12-104
5,李四,6217000000100000672,,300.00,,JN-12-105
'''
ORDER_XML = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn><GrpHdr><MsgId>JN-12</MsgId>
<CreDtTm>2020-03-02T00:00:00+08:00</CreDtTm><NbOfTxs>1</NbOfTxs><CtrlSum>600.00</CtrlSum><InitgPty><Nm>市人社局</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>JN-12</PmtInfId><PmtMtd>TRF</PmtMtd><ReqdExctnDt><Dt>2020-03-02</Dt></ReqdExctnDt><Dbtr><Nm>市人社局</Nm></Dbtr>
<DbtrAcct><Id><Othr><Id>13001615108050001234</Id></Othr></Id></DbtrAcct><DbtrAgt><FinInstnId><Nm>河北银行</Nm></FinInstnId></DbtrAgt>
<CdtTrfTxInf><PmtId><EndToEndId>JN-12-101</EndToEndId></PmtId><Amt><InstdAmt Ccy="CNY">600.00</InstdAmt></Amt><CdtrAgt><FinInstnId>
<ClrSysMmbId><MmbId>313121006888</MmbId></ClrSysMmbId></FinInstnId></CdtrAgt><Cdtr><Nm>某某培训学校</Nm></Cdtr><CdtrAcct><Id><Othr>
<Id>13050161000000001</Id></Othr></Id></CdtrAcct><RmtInf><Ustrd>培训费</Ustrd></RmtInf></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>
"""
WHOLE = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlMsgId>JN-12</OrgnlMsgId>
<OrgnlNbOfTxs>5</OrgnlNbOfTxs><GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AM04</Cd></Rsn><AddtlInf>陈小明 6222020402001234567 余额不足</AddtlInf>
</StsRsnInf></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>
"""
FAULTS = ("malformed", "wrong-encoding", "wrong-total", "wrong-currency", "wrong-batch", "unknown-row", "amount-differs", "double-debit",
          "returned", "contradicts", "unclear")


def bank(build):
    """The simulated bank's answers in each form, with each fault, and orders."""
    seeds = [b"\x01" + text.encode(code) for text in (ORDER, ORDER_XML.replace("UTF-8", "GBK")) for code in ("utf-8", "gbk")]
    seeds += [b"\x01" + ORDER_XML.encode(), b"\0" + WHOLE.encode()]
    with tempfile.TemporaryDirectory(prefix="jineng-bank-") as folder:
        order, answer = pathlib.Path(folder, "order"), pathlib.Path(folder, "answer")
        order.write_text(ORDER, encoding="utf-8")
        for form in ("pain002", "camt053", "csv"):
            for more in ([], ["--encoding", "gbk"], ["--seed", "3"], ["--seed", "8", "--encoding", "gbk"], *(["--fault", name] for name in FAULTS)):
                done = subprocess.run([build / "bin" / "jineng", "bank", "answer", order, "--out", answer, "--format", form, *more],
                                      stderr=subprocess.DEVNULL, check=False)
                if done.returncode == 0:
                    seeds.append(bytes([6 if "gbk" in more else 0]) + answer.read_bytes())
    write_corpus("bank", seeds)
    words = words_in(r'"([A-Za-z@]{2,30})"', "services/bank") | words_in(r'"(?:/[A-Za-z/@]*)?/([A-Za-z@]{2,30})"', "services/bank")
    write_dictionary("bank", {f"<{word}>" for word in words} | {f"</{word}>" for word in words} | words | {
        "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE a [", "<!ENTITY a ", "&#48;", "&amp;", "<?xml ", "encoding=\"GBK\"", "JN-12-101",
        "JN-12-105", "成功", "失败", "退汇", "处理中", "BOOK", "PDNG", "ACSC", "RJCT", "true", "\r\n", "\"\"", ",", " Ccy=\"CNY\""})


def rpcs(service):
    text = (ROOT / "proto" / "jineng" / "v1" / f"{service}.proto").read_text(encoding="utf-8")
    return re.findall(r"^  rpc (\w+)\(([\w.]+)\)", text, re.M)


def methods(service):
    """In the order of the service's table, by which steps name them."""
    text = (ROOT / "services" / service / "service.c").read_text(encoding="utf-8")
    table = text[text.index("static const struct jn_method methods[]"):]
    return re.findall(r'\{(?:\.name = )?"(\w+)"', table[:table.index("};")])


def class_of(build):
    pool = descriptor_pool.DescriptorPool()
    files = descriptor_pb2.FileDescriptorSet.FromString((build / "proto" / "jineng.desc").read_bytes())
    for file in files.file:
        pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return lambda name: factory.GetPrototype(pool.FindMessageTypeByName(name))


def json_texts(build, recorded, head):
    """A request as the wire has it, and as JSON, of each method that a story calls."""
    find, seeds, number = class_of(build), [], 0
    for service in SERVICES:
        names, done = methods(service), {}
        at = {name: (number + 2 * index, request) for index, (name, request) in enumerate(rpcs(service))}
        number += 2 * len(at)
        for _, steps in recorded[service]:
            for step in steps:
                name = names[step[5]] if step[0] & 3 == 0 else None
                if not name or len(step) > 1500 or done.get(name, 0) == MESSAGES_A_METHOD:
                    continue
                done[name] = done.get(name, 0) + 1
                which, request = at[name]
                seeds += [bytes([which & 0xff, which >> 8 | how]) + step[head:] for how in (0x80, 0x40)]
                text = json_format.MessageToJson(find(request).FromString(step[head:]), preserving_proto_field_name=True,
                                                 indent=None)
                seeds.append(bytes([which & 0xff, which >> 8]) + text.encode())
    write_corpus("json", seeds)
    fields = {word for service in (*SERVICES, "common", "runtime") for word in re.findall(
        r"\b([a-z_]+|[A-Z_]+) = \d+", (ROOT / "proto" / "jineng" / "v1" / f"{service}.proto").read_text(encoding="utf-8"))}
    write_dictionary("json", {f'"{word}":' for word in fields} | {"{", "}", "[", "]", "null", "true", "-1", "1e3", "\\u0000",
                                                                  '"18446744073709551615"', '"2020-06-30"'})
