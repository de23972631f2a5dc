"""Children by the start method named first: a pool, an exit code of its own, one that is terminated."""

import multiprocessing
import os
import sys
import time


class Job:
    def __init__(self, number):
        self.number = number


def square(job):
    return Job(job.number**2)


def prepare():
    return [Job(number) for number in range(5)]


def main(method):
    context = multiprocessing.get_context(method)
    with context.Pool(2) as pool:
        print([job.number for job in pool.map(square, prepare())])
    child = context.Process(target=sys.exit, args=(7,))
    child.start()
    child.join()
    print(child.exitcode)
    child = context.Process(target=time.sleep, args=(60,))
    child.start()
    time.sleep(0.2)
    child.terminate()
    child.join()
    print(child.exitcode)


if __name__ == "__main__":
    main(sys.argv[1])
    sys.stdout.flush()
    if sys.argv[1] == "fork" and os.fork() == 0:
        # This child ends like the parent, and must leave the parent's profile alone.
        time.sleep(0.3)
        sys.exit(0)
