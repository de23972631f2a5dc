// A namespace and overloads, whose names the linker mangles; works until it is ended.
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace list {
volatile long sink;
__attribute__((noinline)) void scan(const std::vector<int> &items) {
    for (int item : items) sink += item;
}
__attribute__((noinline)) void scan(int count) {
    for (int at = 0; at < count; at++) sink += at;
}
}

int main(int count, char **) {
    std::vector<int> items(1000);
    list::scan(items);
    list::scan(1000);
    std::puts("ready");
    std::fflush(stdout);
    while (count > 1) list::scan(1000);
}
