using System.Runtime.InteropServices;

namespace ChainCrm.Domain.Customers;

/// <summary>What a customer spent on a day, net of returns.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct SpendDay(BusinessDay Day, Money Spend);

/// <summary>A window of days and what was spent in it.</summary>
public readonly record struct SpendWindow(BusinessDay From, BusinessDay To, Money Spend)
{
    /// <summary>The window of so many months that ends with a day: a year that ends on 14 May began on 15 May.</summary>
    public static BusinessDay FirstDay(BusinessDay last, int months)
    {
        var date = last.ToDate();
        // Dates before the year 1 do not exist; no sale is that old.
        return date.Year <= months / 12 + 1 ? BusinessDay.From(DateOnly.MinValue) : new BusinessDay(BusinessDay.From(date.AddMonths(-months)).Number + 1);
    }

    internal bool Holds(BusinessDay day) => day >= From && day <= To;
}

/// <summary>Net spend by day, ascending, days without spend left out; days too old for any window are dropped.</summary>
internal struct SpendDays
{
    internal const int DaysKept = Limits.QualifyingMonthsMax * 31;
    private SpendDay[]? _days;
    private int _count;

    public readonly ReadOnlySpan<SpendDay> All => _days.AsSpan(0, _count);

    /// <summary>Adds to a day (or takes from it). A day too old to count any more is left alone.</summary>
    /// <param name="day">The day.</param>
    /// <param name="amount">What to add; negative for a return.</param>
    /// <param name="latest">The day of the customer's latest sale.</param>
    public void Add(BusinessDay day, Money amount, BusinessDay latest)
    {
        if (day.Number < latest.Number - DaysKept || amount == Money.Zero) return;
        var at = _count;
        while (at > 0 && _days![at - 1].Day > day) at--;
        if (at > 0 && _days![at - 1].Day == day)
        {
            var spend = _days[at - 1].Spend + amount;
            _days[at - 1] = new SpendDay(day, spend);
            if (spend == Money.Zero) Remove(at - 1, 1);
        }
        else
        {
            Insert(at, new SpendDay(day, amount));
        }

        Prune(latest);
    }

    /// <summary>A copy to try something on.</summary>
    public readonly SpendDays Copy() => new() { _days = All.ToArray(), _count = _count };

    /// <summary>What was spent from a day to a day, both included.</summary>
    public readonly Money Sum(BusinessDay from, BusinessDay to)
    {
        var sum = Money.Zero;
        for (var i = _count - 1; i >= 0 && _days![i].Day >= from; i--)
        {
            if (_days[i].Day <= to) sum += _days[i].Spend;
        }

        return sum;
    }

    private void Insert(int at, SpendDay day)
    {
        if (_days is null) _days = new SpendDay[1];
        else if (_count == _days.Length) Array.Resize(ref _days, _count < 4 ? _count + 1 : _count + (_count / 2));
        Array.Copy(_days, at, _days, at + 1, _count - at);
        _days[at] = day;
        _count++;
    }

    private void Remove(int at, int count)
    {
        Array.Copy(_days!, at + count, _days!, at, _count - at - count);
        _count -= count;
    }

    private void Prune(BusinessDay latest)
    {
        var old = 0;
        while (old < _count && _days![old].Day.Number < latest.Number - DaysKept) old++;
        if (old > 0) Remove(0, old);
    }
}
