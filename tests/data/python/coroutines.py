"""Four coroutines that wait together; each is called once and steps twice."""

import asyncio


def step():
    return None


async def client():
    step()
    await asyncio.sleep(0.02)
    step()


async def main():
    await asyncio.gather(*[client() for _ in range(4)])


asyncio.run(main())
