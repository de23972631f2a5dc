/* Two million calls of a function that adds a hundred numbers: what profilers cost by the call. */
#include <stdio.h>

static int numbers[100];

__attribute__((noinline)) long add(const int *from) {
    long sum = 0;
    for (int at = 0; at < 100; at++) sum += from[at] ^ sum;
    return sum;
}

int main(void) {
    long sum = 0;
    for (int at = 0; at < 100; at++) numbers[at] = at;
    for (int call = 0; call < 2000000; call++) {
        numbers[call % 100] = call;
        sum += add(numbers);
    }
    printf("%ld\n", sum);
    return 0;
}
