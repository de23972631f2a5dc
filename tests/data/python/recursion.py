"""fib(10) makes 177 calls, one of them from outside; even(9) goes through odd and back."""


class Base:
    def depth(self, level):
        return level if level == 0 else self.depth(level - 1)


class Left(Base):
    pass


class Right(Base):
    pass


def fib(number):
    return number if number < 2 else fib(number - 1) + fib(number - 2)


def even(number):
    return True if number == 0 else odd(number - 1)


def odd(number):
    return False if number == 0 else even(number - 1)


fib(10)
even(9)
Left().depth(3)
Right().depth(4)
