"""Two greenlets that hand over to each other; each steps five times and sleeps in every step."""

import time

import greenlet


def step():
    time.sleep(0.002)


def worker(other):
    for _ in range(5):
        step()
        if not other[0].dead:
            other[0].switch()


def idle():
    time.sleep(0.001)


def main():
    first, second = [], []
    one = greenlet.greenlet(lambda: worker(first))
    two = greenlet.greenlet(lambda: worker(second))
    first.append(two)
    second.append(one)
    one.switch()
    while not (one.dead and two.dead):
        (two if one.dead else one).switch()


idle()
main()
