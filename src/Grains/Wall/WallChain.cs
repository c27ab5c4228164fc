using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.ReadSide;

namespace ChainCrm.Grains.Wall;

/// <summary>The wall of one chain: today, yesterday, and tomorrow for tills whose clocks are ahead. Everything runs under the projection's lock.</summary>
internal sealed class WallChain(bool followData, TimeProvider clock)
{
    private readonly Dictionary<int, WallDay> _days = [];
    private readonly List<WallStoreSums> _dirtyStores = [];
    private readonly HashSet<int> _dirtySlots = [];

    // Lines without their customer: most make room for newer ones before anybody takes them, so the name is cut from the grain only then.
    private readonly Queue<(GrainId Grain, TickerLine Line)> _lines = new(GrainLimits.WallLinesKept);
    private BusinessCalendar _calendar = new(Domain.Programmes.Programme.BuiltIn.TimeZone);
    private bool _flowsDirty;
    private bool _changed;
    private long _linesNotKept;
    private long _position;
    private long _newestEntryMs;
    private int? _today;
    private int _dataMsOfDay;
    private bool _hasData;

    /// <summary>The chain's calendar; another one when the programme names another zone.</summary>
    public BusinessCalendar Calendar
    {
        get => _calendar;
        set
        {
            if (value.TimeZone != _calendar.TimeZone) _calendar = value;
        }
    }

    /// <summary>Takes in one entry.</summary>
    public void Apply(CommittedEntry entry)
    {
        Roll();
        _position = entry.Position;
        _newestEntryMs = entry.TimeMs;
        // A tier changes by the sale or return it stands beside: when that belongs to another day, it is no news either.
        var isOfToday = true;
        for (var i = 0; i < entry.Events.Count; i++)
        {
            var happened = entry.Events[i];
            var fact = Fact.Of(entry.Grain, happened, _calendar);
            if (fact.Kind != FactKind.None) isOfToday = Count(entry, happened, fact);
            else if (isOfToday && happened is TierChanged tier) Tell(entry, "tier", tier.Origin.Store?.Value ?? "", tier: tier.To.Value);
        }
    }

    /// <summary>Starts from what the read models hold.</summary>
    public void Prime(WallRows rows, string chain)
    {
        Roll();
        (_position, _newestEntryMs) = (rows.Position, rows.NewestEntryMs);
        foreach (var (day, slot, sums) in rows.Slots)
        {
            if (Day(day) is not { } book) continue;
            book.Slots[slot].Add(sums, 1, 1);
            book.Total.Add(sums, 1, 1);
        }

        foreach (var (day, figures) in rows.Stores)
        {
            if (Day(day)?.Store(figures.Store) is not { } store) continue;
            (store.Sales, store.Visits, store.NewMembers, store.CrossVisits, store.LastMs) =
                (figures.SalesMinor, figures.Visits, figures.NewMembers, figures.CrossStoreVisits, figures.LastActivityMs);
        }

        foreach (var (day, from, to, count) in rows.Flows) Day(day)?.CountFlow(from, to, count);
        foreach (var (day, id) in rows.Active) Day(day)?.MarkActive(StableHash.Of(Customer(chain, id)));
    }

    /// <summary>The days a start has to know.</summary>
    public (int From, int To) DaysOfInterest()
    {
        var today = _calendar.DayOf(Now).Number;
        return (today - 1, today + 1);
    }

    public WallFigures Snapshot()
    {
        Roll();
        var (today, yesterday) = (Today, Yesterday);
        return new WallFigures(
            _position, _newestEntryMs, new BusinessDay(_today!.Value).ToDate(), today?.Total.ToFigures() ?? default, yesterday?.UpTo(MsOfDay).ToFigures() ?? default,
            today is null ? [] : [.. today.Stores.Values.OrderBy(store => store.Name, StringComparer.Ordinal).Select(store => store.ToFigures())],
            Sales(today), Sales(yesterday), today?.Top.ToList() ?? []);
    }

    public WallChanges? TakeChanges()
    {
        Roll();
        if (!_changed) return null;
        var today = Today;
        var changes = new WallChanges(
            _position, _newestEntryMs, new BusinessDay(_today!.Value).ToDate(), today?.Total.ToFigures() ?? default, Yesterday?.UpTo(MsOfDay).ToFigures() ?? default,
            [.. _dirtyStores.Select(store => store.ToFigures())], [.. _dirtySlots.Select(slot => (slot, today?.Slots[slot].Sales ?? 0))],
            _flowsDirty ? today?.Top.ToList() ?? [] : null, [.. _lines.Select(line => Named(line.Grain, line.Line))], _linesNotKept);
        foreach (var store in _dirtyStores) store.IsDirty = false;
        _dirtyStores.Clear();
        _dirtySlots.Clear();
        _lines.Clear();
        (_flowsDirty, _changed, _linesNotKept) = (false, false, 0);
        return changes;
    }

    private WallDay? Today => _days.GetValueOrDefault(_today!.Value);

    private WallDay? Yesterday => _days.GetValueOrDefault(_today!.Value - 1);

    private Timestamp Now => new(clock.GetUtcNow().ToUnixTimeMilliseconds());

    private int MsOfDay => followData && _hasData ? _dataMsOfDay : _calendar.Local(Now).MsOfDay;

    private static string Customer(string chain, string id) => new GrainId(chain, GrainKinds.Customer, id).Stream;

    private static long[] Sales(WallDay? day)
    {
        var sales = new long[GrainLimits.SlotsPerDay];
        for (var slot = 0; day is not null && slot < sales.Length; slot++) sales[slot] = day.Slots[slot].Sales;
        return sales;
    }

    /// <summary>Counts a fact; true when it is of today and was told.</summary>
    private bool Count(CommittedEntry entry, object happened, in Fact fact)
    {
        if (followData && fact.IsSaleTime) Follow(fact);
        // With data of other days, what the server stamped itself (an enrolment) belongs to the day that is being followed.
        var (dayNumber, slot) = followData && !fact.IsSaleTime && _hasData ? (_today!.Value, _dataMsOfDay / GrainLimits.SlotMs) : (fact.Day.Number, fact.Slot);
        if (Day(dayNumber) is not { } day) return false;
        var customer = fact.Kind == FactKind.Purchase ? StableHash.Of(entry.Grain.Stream) : 0;
        var (store, flowsChanged) = day.Count(fact, slot, customer, entry.TimeMs);
        _changed = true;
        if (dayNumber != _today) return false;

        _dirtySlots.Add(slot);
        _flowsDirty |= flowsChanged;
        if (store is { IsDirty: false })
        {
            store.IsDirty = true;
            _dirtyStores.Add(store);
        }

        Tell(entry, happened, fact);
        return true;
    }

    private void Tell(CommittedEntry entry, object happened, in Fact fact)
    {
        switch (happened)
        {
            case PurchaseRecorded e:
                Tell(entry, "purchase", fact.Store!, e.Amount.Minor, e.PointsEarned.Count, cross: e.CrossStore);
                break;
            case Domain.Stores.WalkInRecorded e:
                Tell(entry, "purchase", fact.Store!, e.Amount.Minor);
                break;
            case LinesReturned e:
                Tell(entry, "return", fact.Store!, e.Amount.Minor);
                break;
            case CustomerEnrolled:
                Tell(entry, "enrolled", fact.Store!);
                break;
            case PointsRedeemed e:
                Tell(entry, "redeemed", fact.Store ?? "", points: e.Points.Count);
                break;
            default:
                // Points given by hand are counted but not told.
                break;
        }
    }

    private void Tell(CommittedEntry entry, string kind, string store, long? amount = null, long? points = null, string? tier = null, bool cross = false)
    {
        _changed = true;
        // The newest lines are the ones worth showing: the oldest makes room.
        if (_lines.Count >= GrainLimits.WallLinesKept)
        {
            _lines.Dequeue();
            _linesNotKept++;
        }

        _lines.Enqueue((entry.Grain, new TickerLine(entry.Position, entry.TimeMs, kind, store, null, amount, points, tier, cross)));
    }

    private static TickerLine Named(GrainId grain, in TickerLine line) => grain.Kind.SequenceEqual(GrainKinds.Customer) ? line with { Customer = grain.Key } : line;

    /// <summary>The newest business day and its newest time of day are "now".</summary>
    private void Follow(in Fact fact)
    {
        if (!_hasData || fact.Day.Number > _today)
        {
            _hasData = true;
            _dataMsOfDay = fact.MsOfDay;
            Turn(fact.Day.Number);
        }
        else if (fact.Day.Number == _today && fact.MsOfDay > _dataMsOfDay)
        {
            _dataMsOfDay = fact.MsOfDay;
        }
    }

    private void Roll()
    {
        if (followData && _hasData) return;
        var today = _calendar.DayOf(Now).Number;
        if (today != _today) Turn(today);
    }

    /// <summary>Another day begins: yesterday stays, older ones go, and everybody is told everything of the new one.</summary>
    private void Turn(int today)
    {
        var isFirst = _today is null;
        var before = _today is { } day ? _days.GetValueOrDefault(day) : null;
        _today = today;
        foreach (var number in _days.Keys.Where(number => number < today - 1 || number > today + 1).ToList()) _days.Remove(number);
        if (isFirst) return;

        _changed = _flowsDirty = true;
        foreach (var store in _dirtyStores) store.IsDirty = false;
        _dirtyStores.Clear();
        var book = Day(today)!;
        // Stores that traded yesterday are told too, with what they have today: nothing yet.
        foreach (var name in before?.Stores.Keys ?? Enumerable.Empty<string>()) book.Store(name);
        foreach (var store in book.Stores.Values)
        {
            store.IsDirty = true;
            _dirtyStores.Add(store);
        }

        for (var slot = 0; slot < GrainLimits.SlotsPerDay; slot++) _dirtySlots.Add(slot);
    }

    /// <summary>The book of a day; null when the wall does not show that day.</summary>
    private WallDay? Day(int number)
    {
        if (_days.TryGetValue(number, out var day)) return day;
        if (_today is not { } today || number < today - 1 || number > today + 1) return null;
        return _days[number] = new WallDay();
    }
}
