/* Functions whose growth is known: `look` is called n * n times, `step` n times. With a second word
   a child is forked that takes twice n steps; a third is the exit code. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile long sink;

__attribute__((noinline)) void look(int at) { sink += at; }

__attribute__((noinline)) void step(void) { sink++; }

__attribute__((noinline)) void quadratic(int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) look(j);
}

__attribute__((noinline)) void linear(int n) {
    for (int i = 0; i < n; i++) step();
}

__attribute__((noinline)) int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int main(int count, char **words) {
    int n = atoi(words[1]);
    linear(n);
    quadratic(n);
    sink += fib(10);
    if (count > 2) {
        pid_t child = fork();
        if (child == 0) {
            linear(2 * n);
            exit(0);
        }
        waitpid(child, 0, 0);
    }
    return count > 3 ? atoi(words[3]) : 0;
}
