"""Ends in the way that its first argument names, after three calls of `step`."""

import atexit
import os
import signal
import sys
import time


def step():
    return None


def work(ending):
    for _ in range(3):
        step()
    atexit.register(print, "at exit")
    if ending == "status":
        sys.exit(3)
    if ending == "words":
        sys.exit("no more data")
    if ending == "exception":
        raise ValueError("a fault of its own")
    if ending == "interrupt":
        # A shell's background jobs are started with interrupts ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)
    if ending == "own handler":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(9))
        os.kill(os.getpid(), signal.SIGTERM)
    if ending == "at once":
        os._exit(4)
    if ending in ("terminated", "stubborn"):
        print("ready", flush=True)
        while True:
            try:
                time.sleep(0.001)
            except BaseException:
                if ending == "terminated":
                    raise


work(sys.argv[1])
