/* recursion.c N: work(N) is quadratic, linear(N) linear; fact calls itself, even and odd each other. */
#include <stdlib.h>

int fact(int n) { return n < 2 ? 1 : n * fact(n - 1); }

int odd(int n);

int even(int n) { return n == 0 ? 1 : odd(n - 1); }

int odd(int n) { return n == 0 ? 0 : even(n - 1); }

int work(int n) {
    volatile int sum = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            sum += i ^ j;
    return sum;
}

int linear(int n) {
    volatile int sum = 0;
    for (int i = 0; i < n; i++)
        sum += i;
    return sum;
}

int main(int count, char **arguments) {
    int n = count > 1 ? atoi(arguments[1]) : 50;
    int sum = work(n) + linear(n) + fact(10) + even(9);
    for (int i = 0; i < 5; i++)
        sum += linear(i);
    return sum == -1;
}
