using System.Globalization;
using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>What goes from one customer to another: each delivery is sent once, taken once, and then it has arrived or came back; no point is made or lost on the way.</summary>
internal sealed class TransferLedger
{
    private sealed record Sent(string To, string Kind, long Points, bool IsMade, Dictionary<long, long> ByEnd)
    {
        public bool IsTaken { get; set; }
    }

    private readonly Dictionary<(string From, long Number), Sent> _open = [];
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    /// <summary>Points that have left a customer and are nowhere yet.</summary>
    public long OnTheWay { get; private set; }

    public void HasSent(string from, JsonElement data, string where, Differences differences)
    {
        var number = data.Number("delivery");
        differences.Expect(where, "number of the delivery", _last.GetValueOrDefault(from) + 1, number);
        _last[from] = number;
        var sent = new Sent(data.Text("to") ?? "", data.Text("kind") ?? "", data.Number("points"), !data.List("lots").Any(), []);
        foreach (var lot in data.List("lots")) Add(sent.ByEnd, lot.NumberOrNull("expiresAt"), lot.Number("points"));
        if (!sent.IsMade)
        {
            differences.Expect(where, "points sent = sum of parts", data.Sum("lots", "points"), sent.Points);
            OnTheWay += sent.Points;
        }

        _open[(from, number)] = sent;
    }

    public void WasReceived(string to, JsonElement data, string where, Differences differences)
    {
        if (Find(data.Text("from") ?? "", data, where, differences) is not { } sent) return;
        differences.Expect(where, "receiver", sent.To, to);
        if (sent.IsTaken) differences.Add(where, "delivery taken", "once", "again");
        sent.IsTaken = true;
        if (sent.IsMade) return;
        OnTheWay -= sent.Points;
        foreach (var lot in data.List("lotsGranted"))
        {
            var end = lot.NumberOrNull("expiresAt");
            Add(sent.ByEnd, end, -lot.Number("points"));
            if (sent.ByEnd[end ?? long.MaxValue] < 0) differences.Add(where, "end of what arrived", "one that it had before", $"{lot.Number("points")} points to {end}");
        }
    }

    public void HasArrived(string from, JsonElement data, string where, Differences differences)
    {
        if (Find(from, data, where, differences) is not { } sent) return;
        if (!sent.IsTaken) differences.Add(where, "delivery arrived", "taken by the receiver before", "not taken");
        _open.Remove((from, data.Number("delivery")));
    }

    public void CameBack(string from, JsonElement data, string where, Differences differences)
    {
        var number = data.Number("delivery");
        if (!_open.Remove((from, number), out var sent))
        {
            differences.Add(where, "delivery", "one that is under way", string.Create(CultureInfo.InvariantCulture, $"{number}"));
            return;
        }

        if (sent.IsTaken) differences.Add(where, "delivery given back", "not taken by the receiver", "taken");
        differences.Expect(where, "points given back", sent.IsMade ? 0 : sent.Points, data.Number("points"));
        if (!sent.IsMade) OnTheWay -= sent.Points;
    }

    private Sent? Find(string from, JsonElement data, string where, Differences differences)
    {
        var number = data.Number("delivery");
        if (!_open.TryGetValue((from, number), out var sent))
        {
            differences.Add(where, "delivery", $"one of {from} that is under way", string.Create(CultureInfo.InvariantCulture, $"{number}"));
            return null;
        }

        differences.Expect(where, "points of the delivery", sent.Points, data.Number("points"));
        differences.Expect(where, "kind of the delivery", sent.Kind, data.Text("kind"));
        return sent;
    }

    private static void Add(Dictionary<long, long> byEnd, long? end, long points) => byEnd[end ?? long.MaxValue] = byEnd.GetValueOrDefault(end ?? long.MaxValue) + points;
}
