"""Half a million calls of a function that adds ten numbers: what profilers cost by the call."""

NUMBERS = list(range(10))


def add(numbers):
    total = 0
    for number in numbers:
        total += number ^ total
    return total


def main():
    total = 0
    for call in range(500_000):
        NUMBERS[call % 10] = call
        total += add(NUMBERS)
    print(total)


main()
