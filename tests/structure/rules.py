"""How the tree is built, as checks over its files. Each takes the root of a tree and yields a sentence a fault."""

import re

FOLDS = ("enrollment", "certification", "subsidy", "ledger", "notification")
FUNCTION_LINES = 70
FILE_LINES = {"services": 400, "tests": 800}

# A fold takes its time, its caller and its fresh numbers from the runtime, its memory from the message's arena. A bare
# word is a function's name; one that ends in _ begins the names of a library's.
FORBIDDEN = {
    "a clock": "time clock gettimeofday clock_gettime timespec_get localtime gmtime strftime usleep nanosleep sleep",
    "an allocation": "malloc calloc realloc reallocarray free strdup strndup asprintf vasprintf aligned_alloc alloca mmap",
    "randomness": "rand random srand srandom rand_r drand48 getrandom getentropy arc4random RAND_bytes",
    "the environment": "getenv secure_getenv setenv getpid getppid getuid geteuid gethostname uname getcwd",
    "a file": "open openat creat fopen fdopen freopen read write pread pwrite close fclose unlink rename mkdir stat fsync",
    "output": "printf fprintf vprintf puts putchar fputs fputc fwrite perror syslog",
    "a socket": "socket connect bind listen accept send recv sendto recvfrom getaddrinfo zmq_ uv_",
    "LMDB": "mdb_",
    "a thread or a process": "pthread_ thrd_ mtx_ fork vfork execve execl system popen signal sigaction kill",
    "an end of the process": "exit _exit quick_exit abort",
}
SYSTEM_FOR_FOLDS = set("ctype.h inttypes.h limits.h stdarg.h stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h".split())
RUNTIME_FOR_FOLDS = {"runtime/bulk.h", "runtime/fold.h", "runtime/code.h", "runtime/access.h", "runtime/arena.h"}
POLICY_FOR_FOLDS = {"subsidy/policy/evaluate.h", "subsidy/policy/facts.h", "subsidy/policy/pack.h",
                    "subsidy/policy/trace/trace.h", "subsidy/policy/case.h", "subsidy/policy/trace/whatif.h"}
# What loads packs and cases from YAML, and prints, runs in the command and not in the service.
POLICY_TOOLS = tuple(f"services/subsidy/policy/{name}" for name in (
    "file/", "review/", "cases/", "command.", "trace/trace_print."))


# ---- Reading C ----

def files(root, *folders, ends=(".c", ".h")):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.name.endswith(tuple(ends)):
                yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


COMMENT_OR_TEXT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def without(text, comments=True, texts=True):
    """The code alone, line for line where it was."""
    def blank(match):
        is_text = match.group(0)[0] in "\"'"
        if not (texts if is_text else comments):
            return match.group(0)
        return ('""' if is_text else " ") + "\n" * match.group(0).count("\n")
    return COMMENT_OR_TEXT.sub(blank, text)


def line_of(text, place):
    return text.count("\n", 0, place) + 1


def fold_files(root):
    """What decides, applies, reacts and answers: a service's files but its main, and but what the command alone runs."""
    for service in FOLDS:
        for name, text in files(root, f"services/{service}"):
            if name != f"services/{service}/main.c" and not name.startswith(POLICY_TOOLS):
                yield name, text


# ---- Folds ----

def pure(root):
    bare = {word: what for what, words in FORBIDDEN.items() for word in words.split() if not word.endswith("_")}
    prefixes = {word: what for what, words in FORBIDDEN.items() for word in words.split() if word.endswith("_")}
    call = re.compile(rf"(?<![\w.>])({'|'.join(map(re.escape, bare))})\s*\(")
    prefixed = re.compile(rf"\b({'|'.join(map(re.escape, prefixes))})\w+")
    stream = re.compile(r"\b(stdout|stderr|stdin|environ|errno|FILE|time_t)\b")
    for name, text in fold_files(root):
        code = without(text)
        for match in call.finditer(code):
            yield f"{name}:{line_of(code, match.start())}: {match.group(1)} is {bare[match.group(1)]}"
        for match in prefixed.finditer(code):
            yield f"{name}:{line_of(code, match.start())}: {match.group(0)} is {prefixes[match.group(1)]}"
        for match in stream.finditer(code):
            yield f"{name}:{line_of(code, match.start())}: {match.group(1)} comes from outside"
        for match in re.finditer(r"^#include <([^>]+)>", code, re.M):
            if match.group(1) not in SYSTEM_FOR_FOLDS:
                yield f"{name}:{line_of(code, match.start())}: <{match.group(1)}> is not for folds"


# ---- Includes ----

def includes(text):
    code = without(text, texts=False)
    for match in re.finditer(r'^\s*#\s*include\s*"([^"]+)"', code, re.M):
        yield line_of(code, match.start(1)), match.group(1)


def upstreams(root, service):
    """Whose events a service reacts to: what its service.c names."""
    path = root / "services" / service / "service.c"
    text = without(path.read_text(encoding="utf-8"), texts=False) if path.exists() else ""
    return set(re.findall(r"&(\w+?)__event__descriptor", text)) - {service}


def may_include(root, name, target):
    part = name.split("/")[1]
    folder = target.split("/")[0]
    if target == f"jineng/v1/{folder}.pb-c.h" or target.startswith("jineng/v1/"):
        return may_speak(root, part, name, target)
    if "/" not in target:
        return False
    if folder == "domain":
        return True
    if part == "domain":
        return False
    if part == "runtime":
        return folder == "runtime"
    if part == "bank":
        return folder == "bank" or target in ("runtime/arena.h", "runtime/code.h")
    if part == "cli":
        return folder in ("runtime", "cli", "bank") or target.startswith("subsidy/policy/")
    if name.startswith("services/subsidy/policy/"):
        return target.startswith("subsidy/policy/")
    if name.endswith("/main.c"):
        return target in ("runtime/fold.h", "runtime/host.h") or folder == part
    if folder == "runtime":
        return target in RUNTIME_FOR_FOLDS
    if target.startswith("subsidy/policy/"):
        return part == "subsidy" and target in POLICY_FOR_FOLDS
    return folder == part


def may_speak(root, part, name, target):
    """Shared words are everybody's, the envelope and its proofs the runtime's, a service's messages its own and its followers'."""
    message = target[len("jineng/v1/"):-len(".pb-c.h")]
    if part == "cli" or message == "common":
        return True
    if part == "runtime":
        return message in ("envelope", "proof", "runtime")
    if name.startswith("services/subsidy/policy/"):
        return message == "policy"
    if part == "subsidy" and message == "policy" or part == message:
        return True
    return part in FOLDS and message in upstreams(root, part)


def one_way(root):
    for name, text in files(root, "services", ends=(".c", ".h", ".inc")):
        for line, target in includes(text):
            if not may_include(root, name, target):
                yield f"{name}:{line}: {target} may not be included here"


# ---- Shape ----

def functions(code):
    """(name, first line, lines): from the line of the name through the closing brace."""
    for match in re.finditer(r"^(\w+)\([^;{}]*\)\n\{\n(.*?)^\}", code, re.M | re.S):
        first = line_of(code, match.start())
        yield match.group(1), first, match.group(0).count("\n") + 1


def short(root):
    for name, text in files(root, "services", "tests"):
        lines = text.count("\n")
        most = FILE_LINES[name.split("/")[0]]
        if lines > most:
            yield f"{name} has {lines} lines: at most {most}; a noun that outgrows its file becomes several"
        for function, line, length in functions(without(text)):
            if length > FUNCTION_LINES:
                yield f"{name}:{line}: {function} has {length} lines: at most {FUNCTION_LINES}"


# A spreadsheet's number is a binary fraction by its standard (ECMA-376): what a cell is handed may be one.
SPREADSHEET = "services/cli/sheet_xlsx.c"


def whole_numbers(root):
    for name, text in files(root, "services", ends=(".c", ".h", ".inc")):
        if name == SPREADSHEET:
            continue
        code = without(text)
        for match in re.finditer(r"\b(float|double|long double|strtod|strtof|atof|libm|math\.h)\b", code):
            yield f"{name}:{line_of(code, match.start())}: {match.group(1)}: money and rates are whole numbers"
    for name, text in files(root, "proto", ends=(".proto",)):
        code = without(text)
        for match in re.finditer(r"\b(float|double)\b", code):
            yield f"{name}:{line_of(code, match.start())}: {match.group(1)}: money and rates are whole numbers"


WRITTEN = (".c", ".h", ".py", ".proto", ".txt", ".md", ".yaml", ".cmake", ".sh", ".csv")


def tidy(root):
    marks = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX")) + r")\b")
    machine = re.compile(r"(?<![\w.])/(?:" + "|".join(("home", "root", "Users", "work")) + r")/\w")
    for name, text in files(root, "services", "proto", "deploy", "scripts", "tests", ends=WRITTEN):
        for number, line in enumerate(text.splitlines(), 1):
            mark = marks.search(line)
            if mark:
                yield f"{name}:{number}: {mark.group(1)}: do it, or write down why not"
            path = machine.search(line)
            if path:
                yield f"{name}:{number}: a path of somebody's machine: {path.group(0)}"


def no_else_after_return(root):
    for name, text in files(root, "services"):
        code = without(text)
        for match in re.finditer(r"^( *)(?:if \(|\} else if \().*\n\1    return\b[^;]*;\n\1\}? ?else\b", code, re.M):
            yield f"{name}:{line_of(code, match.end())}: else after return"


CHECKS = (pure, one_way, short, whole_numbers, tidy, no_else_after_return)
