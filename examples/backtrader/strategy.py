"""A moving-average crossover, backtested by backtrader, that keeps its prices for a chart.

    python strategy.py --start 2025-01-06 --end 2025-01-12
    python strategy.py --start 2025-01-06 --end 2025-01-12 --mended

The first one has a common fault: at every bar it joins all the frames that it has kept so far.
The mended one joins them once, at the end. Both draw the same chart and make the same trades.
"""

import argparse
import datetime

import backtrader
import pandas

from bars import bars

FAST, SLOW = 3, 8


class Crossover(backtrader.Strategy):
    """Buys when the fast average rises above the slow one, and sells when it falls below."""

    def __init__(self):
        fast = backtrader.indicators.SMA(period=FAST)
        slow = backtrader.indicators.SMA(period=SLOW)
        self.signal = backtrader.indicators.CrossOver(fast, slow)
        self.averages = (fast, slow)
        self.frames = []
        self.chart = None
        self.trades = 0

    def next(self):
        self.keep_chart()
        if self.signal[0] > 0:
            self.order_target_size(target=10)
        elif self.signal[0] < 0:
            self.order_target_size(target=0)

    def keep_chart(self):
        """The fault: the n-th bar copies n frames, so that n bars copy about n²/2 of them."""
        self.frames.append(self.frame_of_this_bar())
        self.chart = pandas.concat(self.frames)

    def frame_of_this_bar(self):
        fast, slow = self.averages
        values = {"close": [self.data.close[0]], "fast": [fast[0]], "slow": [slow[0]]}
        return pandas.DataFrame(values, index=[self.data.datetime.datetime(0)])

    def notify_trade(self, trade):
        self.trades += trade.isclosed


class MendedCrossover(Crossover):
    """The same strategy; the frames are joined when the last bar has been seen."""

    def keep_chart(self):
        self.frames.append(self.frame_of_this_bar())

    def stop(self):
        self.chart = pandas.concat(self.frames)


def window_with_history(start, end):
    """The bars of the window, after as many as a first crossing of the averages needs."""
    frame = bars(start - datetime.timedelta(days=7), end)
    first = frame.index.searchsorted(pandas.Timestamp(start))
    return frame.iloc[first - SLOW :]


def backtest(strategy, start, end):
    engine = backtrader.Cerebro(stdstats=False)
    engine.adddata(backtrader.feeds.PandasData(dataname=window_with_history(start, end)))
    engine.addstrategy(strategy)
    engine.broker.setcash(10_000.0)
    engine.broker.setcommission(commission=0.0005)
    (ran,) = engine.run()
    return ran, engine.broker.getvalue()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--start", type=datetime.date.fromisoformat, required=True)
    parser.add_argument("--end", type=datetime.date.fromisoformat, required=True)
    parser.add_argument("--mended", action="store_true", help="join the frames once, at the end")
    return parser.parse_args()


def main():
    given = arguments()
    strategy = MendedCrossover if given.mended else Crossover
    ran, value = backtest(strategy, given.start, given.end)
    print(f"{len(ran.chart)} bars on the chart, {ran.trades} trades, worth {value:.2f} at the end")


if __name__ == "__main__":
    main()
