using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>What the journal of a run holds of deliveries: sent, arrived, given back, and of these carried through after the call that sent them.</summary>
internal readonly record struct DeliveryCounts(int Sent, int Arrived, int GivenBack, int Late);

/// <summary>What is on its way between customers: sent is arrived, given back and on the way, point by point and end by end.</summary>
internal sealed class DeliveryBook
{
    /// <summary>So long after it was sent somebody looks after a delivery, milliseconds; docs/domain/transfers.md.</summary>
    private const long LookedAfterMs = 10_000;

    private readonly SortedDictionary<(string From, long Number), Parcel> _open = [];
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);
    private readonly Dictionary<(string From, string Per, string Period), long> _given = [];
    private long _sent;
    private long _arrived;
    private long _givenBack;
    private DeliveryCounts _counts;

    public DeliveryCounts Counts => _counts;

    /// <summary>When the first of a customer's open deliveries is looked after; 0 when none is open.</summary>
    public long NextDue(string customer)
    {
        var next = long.MaxValue;
        foreach (var ((from, _), parcel) in _open)
            if (from == customer)
                next = Math.Min(next, parcel.At + LookedAfterMs);
        return next == long.MaxValue ? 0 : next;
    }

    public void Fold(string customer, string name, JsonElement data, TransfersOfJournal rules, Func<long, long> endOf, List<string> wrong)
    {
        switch (name)
        {
            case "customer.delivery-sent.1":
                Sent(customer, data, rules, endOf, wrong);
                break;
            case "customer.delivery-received.1":
                Received(customer, data, wrong);
                break;
            case "customer.delivery-arrived.1" or "customer.delivery-given-back.1":
                Settled(customer, name, data, wrong);
                break;
            default:
                // Nothing that goes from one customer to another.
                break;
        }
    }

    /// <summary>When everything had its time, nothing is on the way but what a clock that was set back will look after later, and nothing was made or lost there.</summary>
    public void CheckEnd(Punctuality punctuality, Action<string> say)
    {
        foreach (var ((from, number), parcel) in _open)
            punctuality.StillThere(from, $"delivery {number}", parcel.At + LookedAfterMs);
        if (_sent != _arrived + _givenBack + _open.Values.Where(parcel => !parcel.IsTaken).Sum(parcel => parcel.Points))
            say($"{_sent} points were sent, {_arrived} arrived and {_givenBack} came back");
    }

    private void Sent(string from, JsonElement data, TransfersOfJournal rules, Func<long, long> endOf, List<string> wrong)
    {
        var (number, points) = (data.Number("delivery"), data.Number("points"));
        if (number != _last.GetValueOrDefault(from) + 1)
            wrong.Add($"delivery {number} follows {_last.GetValueOrDefault(from)}");
        _last[from] = number;
        var ends = data.List("lots").GroupBy(lot => lot.Number("expiresAt")).ToDictionary(lots => lots.Key, lots => lots.Sum(lot => lot.Number("points")));
        var used = data.List("lotsUsed").GroupBy(part => endOf(part.Number("lot"))).ToDictionary(parts => parts.Key, parts => parts.Sum(part => part.Number("points")));
        if (points < 1 || ends.Values.Sum() != points || ends.Count != used.Count || ends.Any(end => used.GetValueOrDefault(end.Key) != end.Value))
            wrong.Add($"{points} points are sent with the ends {string.Join(' ', ends)}, their lots have {string.Join(' ', used)}");
        if (rules.To == "nobody" || points < rules.Least)
            wrong.Add($"{points} points are sent, the programme says {rules.To}, {rules.Least} at least");
        Count(from, data, points);
        foreach (var (per, most) in new[] { ("day", rules.PerDay), ("year", rules.PerYear) })
            if (most is { } limit && _given.GetValueOrDefault((from, per, PublishedRules.PeriodOf(per, data.Number("day")))) > limit)
                wrong.Add($"more than {limit} points are sent in one {per}");
        if (_open.Keys.Count(key => key.From == from) >= 16)
            wrong.Add("more than 16 deliveries are under way");
        _open[(from, number)] = new Parcel(data.Text("to")!, points, data.Number("at"), ends);
        _sent += points;
        _counts = _counts with { Sent = _counts.Sent + 1 };
    }

    private void Received(string to, JsonElement data, List<string> wrong)
    {
        if (!_open.TryGetValue((data.Text("from")!, data.Number("delivery")), out var parcel) || parcel.To != to || parcel.IsTaken || parcel.Points != data.Number("points"))
        {
            wrong.Add($"delivery {data.Number("delivery")} of {data.Text("from")} with {data.Number("points")} points is taken, and is not under way to {to}");
            return;
        }

        parcel.IsTaken = true;
        _arrived += parcel.Points;
        if (data.List("lotsGranted").Sum(lot => lot.Number("points")) + data.Number("debtPaid") != parcel.Points)
            wrong.Add($"of {parcel.Points} points {data.List("lotsGranted").Sum(lot => lot.Number("points"))} are granted and {data.Number("debtPaid")} pay debt");
        foreach (var lot in data.List("lotsGranted"))
        {
            var end = lot.Number("expiresAt");
            parcel.Ends[end] = parcel.Ends.GetValueOrDefault(end) - lot.Number("points");
            if (parcel.Ends[end] < 0 || lot.Flag("byInactivity"))
                wrong.Add($"{lot.Number("points")} points arrive with the end {end}, which they did not have");
        }

        _counts = _counts with { Arrived = _counts.Arrived + 1 };
    }

    private void Settled(string from, string name, JsonElement data, List<string> wrong)
    {
        var isArrival = name == "customer.delivery-arrived.1";
        if (!_open.Remove((from, data.Number("delivery")), out var parcel) || parcel.IsTaken != isArrival || parcel.Points != data.Number("points"))
        {
            wrong.Add($"{name} of {data.Number("delivery")} with {data.Number("points")} points, which was {(parcel is null ? "not under way" : parcel.IsTaken ? "taken" : "not taken")}");
            return;
        }

        if (data.Number("at") >= parcel.At + LookedAfterMs)
            _counts = _counts with { Late = _counts.Late + 1 };
        if (isArrival)
            return;
        _givenBack += parcel.Points;
        _counts = _counts with { GivenBack = _counts.GivenBack + 1 };
        Count(from, data, -parcel.Points);
    }

    private void Count(string from, JsonElement data, long points)
    {
        var counted = data.Number("counted");
        foreach (var (per, flag) in new[] { ("day", 1), ("year", 4) })
        {
            if ((counted & flag) == 0)
                continue;
            var key = (from, per, PublishedRules.PeriodOf(per, data.Number("day")));
            _given[key] = _given.GetValueOrDefault(key) + points;
        }
    }

    private sealed record Parcel(string To, long Points, long At, Dictionary<long, long> Ends)
    {
        public bool IsTaken { get; set; }
    }
}
