# Runs a Python program unchanged under a profiler and saves what the profiler saw as one JSON file.
# Needs nothing but the standard library (and yappi, when asked for it); CPython 3.8 to 3.14.
# Judges nothing: the exchange form that it writes is described in `src/profile/wire.rs`.
#
#   python superlinear_shim.py --backend yappi|cprofile --clock wall|cpu --out FILE -- PROGRAM
#   python superlinear_shim.py --backend line_profiler --clock NAME:LINE:FILE --out FILE -- PROGRAM
#
# where PROGRAM is `script.py args`, `-m module args` or `-c code args`.
# Few modules are imported before the program runs, because the program must find its own.

import importlib.machinery
import io
import os
import signal
import sys
import _json
import _thread

TERMINATED = 128 + signal.SIGTERM
SECONDS_TO_UNWIND = 2.0
DEEPEST_OPEN_CALL = 200
CALIBRATION_CALLS = range(10000)
CALIBRATION_STEPS = range(3)
Module = type(sys)
Function = type(lambda: None)


class CallProfiler:
    """What the profilers that see calls share."""

    def watch(self, code):
        return code

    def encode(self):
        return encode(self)

    def nanoseconds_per_call(self):
        """What profiling adds to one call, as the last thing that the profiler is used for.

        The function has some thirty instructions, as is usual: Python 3.11 runs every one of them
        more slowly while it is profiled.
        """
        import time

        def usual():
            total = 0
            for step in CALIBRATION_STEPS:
                total += step
            return total

        def best(rounds=3):
            shortest = None
            for _round in range(rounds):
                begin = time.process_time()
                for _call in CALIBRATION_CALLS:
                    usual()
                took = time.process_time() - begin
                shortest = took if shortest is None else min(took, shortest)
            return shortest

        bare = best()
        self.restart_empty()
        try:
            measured = best()
        finally:
            self.stop()
        return max(measured - bare, 0.0) * 1e9 / len(CALIBRATION_CALLS)


class Yappi(CallProfiler):
    """All threads, and coroutines, by yappi."""

    def __init__(self, clock):
        import threading
        import yappi

        def thread_name():
            # `current_thread` would take a lock that may be the very one being profiled.
            thread = threading._active.get(_thread.get_ident())
            return thread.name if thread else "unnamed"

        self.yappi = yappi
        self.name = "yappi" if clock == "wall" else "yappi-cpu"
        self.package = "yappi"
        self.running = False
        self.before = None
        self.unit = clock + "_seconds"
        yappi.set_clock_type(clock)
        yappi.set_context_name_callback(thread_name)

    def start(self):
        sys.meta_path.insert(0, GreenletFinder(self.switch_to_greenlets))
        self.running = True
        self.yappi.start(builtins=True, profile_threads=True)

    def stop(self):
        self.running = False
        self.yappi.stop()

    def restart_empty(self):
        self.yappi.clear_stats()
        self.yappi.start(builtins=True, profile_threads=True)

    def terminate(self):
        """Goes on, since only functions that return are given their time."""

    def fill(self, profile):
        if self.before is not None:
            for key, cost in self.before.functions.items():
                profile.add(key, cost)
            for (caller, callee), cost in self.before.edges.items():
                profile.add_edge(caller, callee, cost)
            for (number, name), costs in self.before.threads.items():
                for key, cost in costs.items():
                    profile.add_to_thread(number, name, key, cost)
            profile.warnings.append(
                "greenlets: each is timed by itself from the import of `greenlet` on; functions that"
                " were open then, such as the main module, have no time after it"
            )
        self.fill_from_rows(profile)
        if self.unit == "wall_seconds" and any(is_of_an_event_loop(key) for key in profile.functions):
            profile.warnings.append(
                "coroutines: the cumulative time of each is wall time from its first step to its end,"
                " waiting included; what it spent itself is its self time"
            )

    def switch_to_greenlets(self):
        """Tells greenlets apart as if they were threads; what was measured so far is kept."""
        if not self.running or self.before is not None:
            return
        self.yappi.stop()
        before = Profile()
        self.fill_from_rows(before)
        before.warnings = []
        self.before = before
        self.yappi.clear_stats()
        self.yappi.set_context_backend("greenlet")
        self.yappi.start(builtins=True, profile_threads=True)

    def fill_from_rows(self, profile):
        rows = []
        self.yappi.get_func_stats(filter_callback=lambda row: rows.append(row))
        rows = [row for row in rows if row.module != __file__]
        keys = {row.index: yappi_key(row) for row in rows}
        totals = totals_of_open_calls(rows, profile)
        for row in rows:
            key = keys[row.index]
            total = totals.get(row.index, row.ttot)
            cost = (row.ncall, row.nactualcall or 1, row.tsub, total)
            profile.add(key, cost)
            profile.add_to_thread(row.ctx_id, row.ctx_name, key, cost)
            for index, ncall, nactual, ttot, tsub in (child[:5] for child in row.children):
                if index in keys:
                    total = ttot if nactual else totals.get(index, ttot)
                    profile.add_edge(key, keys[index], (ncall, nactual, tsub, total))


class GreenletFinder:
    """Notices the import of `greenlet`, on which gevent and eventlet are built."""

    def __init__(self, noticed):
        self.noticed = noticed

    def find_spec(self, name, path=None, _target=None):
        if name != "greenlet":
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def execute_and_tell(module):
                execute(module)
                self.noticed()

            spec.loader.exec_module = execute_and_tell
        return spec


class CProfile(CallProfiler):
    """The profiler that comes with Python."""

    def __init__(self, _clock):
        import _lsprof
        import threading

        self.threading = threading
        self.name = "cprofile"
        self.package = None
        self.unit = "wall_seconds"
        self.profiler = _lsprof.Profiler()
        self.running = False
        self.other_threads = 0

    def start(self):
        self.running = True
        self.threading.setprofile(self.notice_thread)
        self.profiler.enable()

    def stop(self):
        if self.running:
            self.running = False
            self.profiler.disable()
            self.threading.setprofile(None)

    def restart_empty(self):
        self.profiler.clear()
        self.running = True
        self.profiler.enable()

    def terminate(self):
        """Stops here: it closes open functions itself, and loses count of an unwound stack."""
        self.stop()

    def notice_thread(self, *_event):
        sys.setprofile(None)
        self.other_threads += 1

    def fill(self, profile):
        for entry in self.profiler.getstats():
            key = cprofile_key(entry.code)
            profile.add(key, cprofile_cost(entry))
            for callee in entry.calls or ():
                profile.add_edge(key, cprofile_key(callee.code), cprofile_cost(callee))
        if not self.other_threads:
            return
        if sys.version_info < (3, 12):
            profile.warnings.append(
                "before Python 3.12 cProfile sees the main thread only: what the other threads did"
                " ({} started) is missing; use the backend `yappi`".format(self.other_threads)
            )
        else:
            profile.warnings.append(
                "cProfile puts the calls of all threads ({} beside the main one) on one stack: call"
                " counts hold, cumulative times and callers may not; use the backend"
                " `yappi`".format(self.other_threads)
            )


class Lines:
    """Time per line of one function, by line_profiler."""

    def __init__(self, wanted):
        import line_profiler

        self.name = "line_profiler"
        self.package = "line_profiler"
        self.wanted, line, self.file = wanted.split(":", 2)
        self.line = int(line)
        self.profiler = line_profiler.LineProfiler()
        self.found = []
        loader = importlib.machinery.SourceFileLoader
        get_code = loader.get_code
        loader.get_code = lambda loader, name: self.watch(get_code(loader, name))

    def start(self):
        self.profiler.enable()

    def stop(self):
        self.profiler.disable()

    def terminate(self):
        """Goes on: a line is timed when the next one begins."""

    def watch(self, code):
        """`code` with every function that is wanted, however deep in it, in a form that is timed."""
        if code is None:
            return None
        consts = tuple(
            self.watch(const) if isinstance(const, type(code)) else const
            for const in code.co_consts
        )
        if any(new is not old for new, old in zip(consts, code.co_consts)):
            code = code.replace(co_consts=consts)
        if code.co_name != self.wanted or self.line not in (0, code.co_firstlineno):
            return code
        if not code.co_filename.endswith(self.file):
            return code
        self.found.append((code.co_filename, code.co_firstlineno))
        cells = tuple(_cell() for _name in code.co_freevars)
        function = Function(code, {}, code.co_name, None, cells)
        self.profiler.add_function(function)
        return function.__code__

    def encode(self):
        """Lines as JSON: number, hits and seconds, for each function that was found."""
        stats = self.profiler.get_stats()
        functions = []
        for (file, first, _name), lines in sorted(stats.timings.items()):
            rows = ([str(n), str(hits), seconds(time * stats.unit)] for n, hits, time in lines)
            functions.append(
                '{{"file":{},"line":{},"lines":{}}}'.format(text(file), first, table(rows))
            )
        return '{{"superlinear_lines":1,"version":{},"functions":[{}]}}\n'.format(
            text(version_of(self.package) or ""), ",".join(functions)
        )


def _cell():
    value = None
    return (lambda: value).__closure__[0]


class Profile:
    """Costs by function and by call edge; a cost is [ncall, nactual, tsub, ttot]."""

    def __init__(self):
        self.functions = {}
        self.edges = {}
        self.threads = {}
        self.warnings = []

    def add(self, key, cost):
        add_cost(self.functions, key, cost)

    def add_edge(self, caller, callee, cost):
        add_cost(self.edges, (caller, callee), cost)

    def add_to_thread(self, number, name, key, cost):
        add_cost(self.threads.setdefault((number, name), {}), key, cost)

    def leave_out(self, unwanted):
        """Drops the functions whose key is unwanted, and the edges that lose an end."""
        for costs in [self.functions] + list(self.threads.values()):
            for key in [key for key in costs if unwanted(key)]:
                del costs[key]
        for edge in list(self.edges):
            if edge[0] not in self.functions or edge[1] not in self.functions:
                del self.edges[edge]


class Keeper:
    """Stops the profiler and saves its profile: once, and in the process that started it only."""

    def __init__(self, profiler, out):
        self.profiler = profiler
        self.out = os.path.abspath(out)
        self.owner = os.getpid()
        self.lock = _thread.allocate_lock()
        self.started = False
        self.begun = False
        self.saved = False
        self.terminated = False

    def start(self):
        os.register_at_fork(after_in_child=self.let_child_go)
        if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, self.terminate)
        self.started = True
        self.profiler.start()

    def save(self):
        """Never raises: the program's own end must stay what it was."""
        if os.getpid() != self.owner or not self.started:
            return
        self.begun = True
        with self.lock:
            if self.saved:
                return
            restore = ignore_interrupts()
            try:
                self.profiler.stop()
                write(self.out, self.profiler.encode())
            except Exception as error:
                say("superlinear: cannot save the profile: {!r}".format(error))
            finally:
                self.saved = True
                restore()

    def terminate(self, _signal, _frame):
        """Unwinds the program, so that every open function is counted, but not for ever."""
        if os.getpid() != self.owner:  # a child so young that it was not let go yet
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTERM)
            return
        if self.saved:
            os._exit(TERMINATED)
        if not self.terminated:
            self.terminated = True
            self.profiler.terminate()
            _thread.start_new_thread(self.end_at_last, ())
        if not self.begun:
            raise SystemExit(TERMINATED)

    def end_at_last(self):
        import time

        time.sleep(SECONDS_TO_UNWIND)
        self.save()
        flush()
        os._exit(TERMINATED)

    def let_child_go(self):
        """A forked child runs on without profiler, and a signal ends it as it always would."""
        if signal.getsignal(signal.SIGTERM) == self.terminate:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if not self.begun:
            self.begun = True
            self.profiler.stop()


def main():
    options, target = arguments(sys.argv[1:])
    kind, clock = options["--backend"], options["--clock"]
    if kind == "line_profiler":
        profiler = Lines(clock)
    else:
        profiler = {"yappi": Yappi, "cprofile": CProfile}[kind](clock)
    imitate_start(target)
    run(Keeper(profiler, options["--out"]), target)


def run(keeper, target):
    try:
        module, code = prepare(target)
        program = Function(keeper.profiler.watch(code), module.__dict__)
        keeper.start()
        program()
    except SystemExit:
        raise
    except BaseException as error:
        show(error)
        raise
    finally:
        try:
            wait_for_threads(keeper)
        finally:
            keeper.save()
            if keeper.terminated:
                raise SystemExit(TERMINATED)


def arguments(words):
    """The options of this file as a dictionary, and the words after `--`."""
    end = words.index("--")
    return dict(zip(words[:end:2], words[1:end:2])), words[end + 1 :]


def imitate_start(target):
    """Sets `sys.argv`, `sys.path[0]` and `sys.orig_argv` to what the program would have found."""
    own = os.path.dirname(os.path.abspath(__file__))
    inserted = bool(sys.path) and os.path.abspath(sys.path[0] or ".") == own
    kind = target[0]
    if kind == "-m":
        sys.argv, folder = ["-m"] + target[2:], os.getcwd()
    elif kind == "-c":
        sys.argv, folder = ["-c"] + target[2:], ""
    else:
        sys.argv, folder = target[:], os.path.dirname(os.path.realpath(kind))
    if inserted:
        sys.path[0] = folder
    words = getattr(sys, "orig_argv", None)
    if words and __file__ in words:
        sys.orig_argv = words[: words.index(__file__)] + target


def prepare(target):
    """The program's `__main__`, already in its place, and its code."""
    if target[0] == "-m":
        spec = module_spec(target[1])
        code = spec.loader.get_code(spec.name)
        if code is None:
            refuse_module("No code object available for " + spec.name)
        sys.argv[0] = spec.origin
        return new_main(spec=spec), code
    if target[0] == "-c":
        module = new_main(loader=importlib.machinery.BuiltinImporter)
        return module, compile(command_text(target[1]), "<string>", "exec", dont_inherit=True)
    return prepare_script(target[0])


def prepare_script(name):
    path = os.path.abspath(name)
    shown = os.path.join(os.getcwd(), name) if sys.version_info >= (3, 9) else name
    spec = importlib.machinery.PathFinder.find_spec("__main__", [shown])
    if spec is not None:
        # A folder or an archive with a `__main__.py` goes onto the path itself.
        if sys.path and sys.path[0] == os.path.dirname(os.path.realpath(name)):
            del sys.path[0]
        sys.path.insert(0, shown)
        return new_main(spec=spec), spec.loader.get_code("__main__")
    if name.endswith(".pyc"):
        loader = importlib.machinery.SourcelessFileLoader("__main__", path)
        return new_main(loader=loader, file=shown), loader.get_code("__main__")
    loader = importlib.machinery.SourceFileLoader("__main__", path)
    try:
        source = loader.get_data(path)
    except OSError as error:
        say(
            "{}: can't open file {!r}: [Errno {}] {}".format(
                sys.executable, shown, error.errno, error.strerror
            )
        )
        raise SystemExit(2)
    module = new_main(loader=loader, file=shown)
    return module, compile(source, path, "exec", dont_inherit=True)


def module_spec(name):
    """What `-m name` runs: the module, or the `__main__` of a package."""
    spec = found_spec(name)
    if spec is None:
        refuse_module("No module named " + name)
    if spec.submodule_search_locations is None:
        return spec
    spec = found_spec(name + ".__main__")
    if spec is None:
        refuse_module(
            "No module named {0}.__main__; {0!r} is a package and cannot be directly"
            " executed".format(name)
        )
    return spec


def found_spec(name):
    import importlib.util

    parent = name.rpartition(".")[0]
    try:
        if parent:
            __import__(parent)
    except ImportError as error:
        missing = error.name
        if missing is None or not (parent + ".").startswith(missing + "."):
            raise  # The parent exists; something that it imports does not.
    try:
        return importlib.util.find_spec(name)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        refuse_module(
            "Error while finding module specification for {!r} ({}: {})".format(
                name, type(error).__name__, error
            )
        )


def refuse_module(problem):
    raise SystemExit("{}: {}".format(sys.executable, problem))


def command_text(text):
    if sys.version_info < (3, 14):
        return text
    import textwrap

    return textwrap.dedent(text)


def new_main(spec=None, loader=None, file=None):
    import builtins

    module = Module("__main__")
    module.__builtins__ = builtins
    module.__spec__ = spec
    module.__loader__ = spec.loader if spec else loader
    module.__package__ = spec.parent if spec else None
    if spec or file:
        module.__file__ = spec.origin if spec else file
        module.__cached__ = spec.cached if spec else None
    if sys.version_info < (3, 14):
        module.__annotations__ = {}
    sys.modules["__superlinear__"] = sys.modules["__main__"]
    sys.modules["__main__"] = module
    return module


def show(error):
    """Reports the program's exception now, as Python does, without the frames of this file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    error.__traceback__ = trace
    try:
        sys.excepthook(type(error), error, trace)
    except BaseException:
        return  # Python will call the hook again, and report its failure.
    sys.excepthook = lambda *_error: None


def wait_for_threads(keeper):
    """Waits for the program's threads, as Python does at its end, while they are still profiled."""
    threading = sys.modules.get("threading")
    if threading is None or keeper.terminated or os.getpid() != keeper.owner:
        return
    if threading.active_count() > 1:
        threading._shutdown()


def ignore_interrupts():
    """Keeps Ctrl-C from cutting a save short; returns what undoes it."""
    try:
        earlier = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread
        return lambda: None
    return lambda: signal.signal(signal.SIGINT, earlier or signal.SIG_DFL)


def yappi_key(row):
    if row.builtin:
        name = row.name if row.name.startswith("<") else "<built-in method {}.{}>".format(
            row.module, row.name
        )
        return (without_address(name), "~", 0)
    # A method is named after the class of its first argument: one function, several rows.
    return (row.name.rsplit(".", 1)[-1], row.module, max(row.lineno, 0))


def is_of_an_event_loop(key):
    name, file, _line = key
    folder, _, module = file.replace("\\", "/").rpartition("/")
    return name == "run_until_complete" and module == "base_events.py" and folder.endswith("/asyncio")


def totals_of_open_calls(rows, profile):
    """What the callees of functions that had not returned spent, by row: all that is known of them.

    yappi gives such functions no time at all, which would hide everything below them.
    """
    open_rows = {row.index: row for row in rows if row.nactualcall == 0}
    totals = {}

    def total(index, depth):
        if index not in totals:
            totals[index] = 0.0  # ends a recursion
            totals[index] = sum(
                total(child[0], depth + 1)
                if child[2] == 0 and child[0] in open_rows and depth < DEEPEST_OPEN_CALL
                else child[3]
                for child in open_rows[index].children
            )
        return totals[index]

    for index in open_rows:
        total(index, 0)
    if open_rows:
        profile.warnings.append(
            "functions that had not returned when the profile ended, as at the bottom of a thread:"
            " {}; their own time is missing and their cumulative time is that of their"
            " callees".format(len(open_rows))
        )
    return totals


def cprofile_key(code):
    if isinstance(code, str):
        return (without_address(code), "~", 0)
    return (code.co_name, code.co_filename, max(code.co_firstlineno, 0))


def cprofile_cost(entry):
    primitive = entry.callcount - entry.reccallcount
    return (entry.callcount, primitive, entry.inlinetime, entry.totaltime)


def without_address(name):
    head, mark, tail = name.partition(" at 0x")
    return head + tail.lstrip("0123456789abcdefABCDEF") if mark else name


def add_cost(costs, key, cost):
    known = costs.get(key)
    if known is None:
        costs[key] = list(cost)
    else:
        for position, amount in enumerate(cost):
            known[position] += amount


def encode(profiler):
    """The exchange form, written by hand: `json` may be a module of the program's own."""
    profile = Profile()
    profiler.fill(profile)
    profile.leave_out(is_of_the_shim)
    try:
        call_cost = profiler.nanoseconds_per_call()
    except Exception:
        call_cost = None
    warn_of_children(profile.warnings)
    number = {key: position for position, key in enumerate(profile.functions)}
    functions = (
        [text(name), text(file), str(line)] + amounts(cost)
        for (name, file, line), cost in profile.functions.items()
    )
    edges = (
        [str(number[caller]), str(number[callee])] + amounts(cost)
        for (caller, callee), cost in profile.edges.items()
    )
    threads = (
        '{{"id":{},"name":{},"functions":{}}}'.format(
            identity,
            text(name),
            table([str(number[key])] + amounts(cost) for key, cost in costs.items()),
        )
        for (identity, name), costs in sorted(profile.threads.items())
    )
    backend_version = version_of(profiler.package) if profiler.package else python_version()
    return "".join(
        [
            '{"superlinear_profile":1,"unit":',
            text(profiler.unit),
            ',"counts_calls":true,"backend":',
            text(profiler.name),
            ',"backend_version":',
            text(backend_version or ""),
            ',"call_cost_nanoseconds":' + (repr(round(call_cost, 1)) if call_cost else "null"),
            ',"interpreter":',
            text("{} {}".format(implementation(), python_version())),
            ',"packages":{',
            ",".join(text(name) + ":" + text(version) for name, version in packages(profiler)),
            '},"warnings":[',
            ",".join(text(warning) for warning in profile.warnings),
            '],"functions":',
            table(functions),
            ',"edges":',
            table(edges),
            ',"threads":[',
            ",".join(threads),
            "]}\n",
        ]
    )


def table(rows):
    return "[" + ",".join(["[" + ",".join(row) + "]" for row in rows]) + "]"


def amounts(cost):
    ncall, nactual, tsub, ttot = cost
    return [str(ncall), str(nactual), seconds(tsub), seconds(ttot)]


def seconds(value):
    # A clock that is set back while a function runs gives it a negative time.
    return repr(round(value, 9)) if value > 0.0 else "0.0"


def text(words):
    try:
        words.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair, as in a path that is not UTF-8
        words = words.encode("utf-8", "backslashreplace").decode("utf-8")
    return _json.encode_basestring_ascii(words)


def is_of_the_shim(key):
    name, file, _line = key
    return file == __file__ or name == "<method 'disable' of '_lsprof.Profiler' objects>"


def warn_of_children(warnings):
    used = os.times()
    own, children = used[0] + used[1], used[2] + used[3]
    if children > max(0.05, 0.05 * own):
        warnings.append(
            "child processes used {:.2f} s of processor time that is not in this profile".format(
                children
            )
        )


def packages(profiler):
    """Names and versions of the installed packages that the program imported."""
    found = {}
    for name, module in list(sys.modules.items()):
        file = attribute(module, "__file__")
        if "." in name or name in (profiler.package, "_yappi"):
            continue
        if "site-packages" in file or "dist-packages" in file:
            version = version_of(name) or attribute(module, "__version__")
            if version:
                found[name] = version
    return sorted(found.items())


def attribute(module, name):
    try:
        value = getattr(module, name, "")
    except Exception:  # a module that is loaded when first used
        return ""
    return value if isinstance(value, str) else ""


def version_of(name):
    try:
        from importlib.metadata import version

        return version(name)
    except Exception:
        return None


def implementation():
    name = sys.implementation.name
    return "CPython" if name == "cpython" else name


def python_version():
    return sys.version.split()[0]


def write(path, document):
    """Writes the file so that it is there whole or not at all."""
    part = path + ".part"
    with io.open(part, "wb") as file:
        file.write(document.encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    os.rename(part, path)


def say(words):
    try:
        sys.stderr.write(words + "\n")
    except Exception:
        pass  # Nobody is listening.


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


if __name__ == "__main__":
    main()
