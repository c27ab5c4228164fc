using System.Text;
using System.Text.Json;
using ChainCrm.Journal;

namespace ChainCrm.Simulation;

/// <summary>An answer as its caller saw it, in plain values.</summary>
internal sealed record SeenReply(string Stream, string CommandId, string Kind, long Position, long Version, string Events);

/// <summary>A read as its caller saw it.</summary>
internal sealed record SeenRead(string Stream, long Version, long Balance, long Lots, long Debt);

/// <summary>
/// Checks a finished run against the journal's bytes. Written apart from Domain and Engine on purpose: dictionaries, JSON and
/// arithmetic, so that a mistake there is not made again here.
/// </summary>
internal sealed class Auditor(IReadOnlyList<JournalEntry> journal)
{
    private readonly List<string> _wrong = [];
    private readonly Dictionary<(string Stream, string CommandId), JournalEntry> _byCommand = [];
    private readonly Dictionary<(string Stream, long Version), CustomerBook> _books = [];

    public IReadOnlyList<string> Check(
        IReadOnlyList<SeenReply> replies, IReadOnlyList<SeenRead> reads, IReadOnlyList<(long Position, string Stream, long Version)> feed)
    {
        CheckOrder();
        CheckCustomers();
        CheckIdentities();
        CheckReplies(replies);
        CheckReads(reads);
        CheckFeed(feed);
        return _wrong;
    }

    private void CheckOrder()
    {
        var versions = new Dictionary<string, long>();
        for (var i = 0; i < journal.Count; i++)
        {
            var entry = journal[i];
            if (entry.Position != i + 1)
                _wrong.Add($"position {entry.Position} stands where {i + 1} should be");
            var expected = versions.GetValueOrDefault(entry.Stream) + 1;
            if (entry.Version != expected)
                _wrong.Add($"{entry.Stream} has version {entry.Version} where {expected} should be");
            versions[entry.Stream] = entry.Version;
            if (!_byCommand.TryAdd((entry.Stream, entry.CommandId), entry))
                _wrong.Add($"{entry.Stream} holds command {entry.CommandId} twice");
        }
    }

    private void CheckCustomers()
    {
        foreach (var stream in journal.Where(e => e.Stream.Contains("/customer/", StringComparison.Ordinal)).GroupBy(e => e.Stream))
        {
            var book = new CustomerBook();
            foreach (var entry in stream)
            {
                foreach (var trouble in book.Add(entry.Data))
                    _wrong.Add($"{entry.Stream} version {entry.Version}: {trouble}");
                _books[(entry.Stream, entry.Version)] = book.Copy();
            }
        }
    }

    private void CheckIdentities()
    {
        foreach (var stream in journal.Where(e => e.Stream.Contains("/identity/", StringComparison.Ordinal)).GroupBy(e => e.Stream))
        {
            string? holder = null;
            foreach (var (name, data) in stream.SelectMany(e => Events(e.Data)))
            {
                var customer = data.GetProperty("customer").GetString();
                if (holder is not null && customer != holder)
                    _wrong.Add($"{stream.Key}: {name} by {customer} while {holder} has it");
                holder = name == "identity.released.1" ? null : customer;
            }
        }
    }

    private void CheckReplies(IReadOnlyList<SeenReply> replies)
    {
        foreach (var reply in replies)
        {
            if (!_byCommand.TryGetValue((reply.Stream, reply.CommandId), out var entry))
                _wrong.Add($"{reply.Stream} {reply.CommandId} was answered {reply.Kind} and is not in the journal");
            else if (entry.Position != reply.Position || entry.Version != reply.Version)
                _wrong.Add($"{reply.Stream} {reply.CommandId} was answered as position {reply.Position}, version {reply.Version} and stands at {entry.Position}, {entry.Version}");
            else if (EventsText(entry.Data) != reply.Events)
                _wrong.Add($"{reply.Stream} {reply.CommandId} was answered with other events than the journal holds");
        }
        foreach (var twice in replies.Where(r => r.Kind == "Accepted").GroupBy(r => (r.Stream, r.CommandId)).Where(g => g.Count() > 1))
            _wrong.Add($"{twice.Key.Stream} {twice.Key.CommandId} was accepted {twice.Count()} times");
    }

    private void CheckReads(IReadOnlyList<SeenRead> reads)
    {
        foreach (var read in reads.Where(r => r.Version > 0))
        {
            if (!_books.TryGetValue((read.Stream, read.Version), out var book))
                _wrong.Add($"{read.Stream} was read at version {read.Version}, which was never recorded");
            else if (book.Balance != read.Balance || book.LotSum != read.Lots || book.Debt != read.Debt)
                _wrong.Add($"{read.Stream} at version {read.Version} was read as {read.Balance} points and is {book.Balance}");
        }
    }

    private void CheckFeed(IReadOnlyList<(long Position, string Stream, long Version)> feed)
    {
        var expected = journal.Select(e => (e.Position, e.Stream, e.Version)).ToList();
        if (!feed.SequenceEqual(expected))
            _wrong.Add($"the feed passed on {feed.Count} entries, not the journal's {expected.Count} in their order");
    }

    internal static IEnumerable<(string Name, JsonElement Data)> Events(ReadOnlyMemory<byte> payload)
    {
        using var document = JsonDocument.Parse(payload);
        return [.. document.RootElement.GetProperty("e").EnumerateArray().Select(e => CompactPurchase.LongForm(e.GetProperty("t").GetString()!, e.GetProperty("d").Clone()))];
    }

    internal static string EventsText(ReadOnlyMemory<byte> payload)
    {
        var text = Encoding.UTF8.GetString(payload.Span);
        return text[text.IndexOf("\"e\":", StringComparison.Ordinal)..];
    }
}

/// <summary>One customer's points by arithmetic over the events' JSON alone.</summary>
internal sealed class CustomerBook
{
    private readonly Dictionary<int, long> _lots = [];
    private readonly Dictionary<(string Receipt, int Line), long> _bought = [];
    private List<string> _wrong = [];

    public long Ledger { get; private set; }
    public long Debt { get; private set; }
    public long LotSum => _lots.Values.Sum();
    public long Balance => LotSum - Debt;

    public CustomerBook Copy()
    {
        var copy = new CustomerBook { Ledger = Ledger, Debt = Debt };
        foreach (var (lot, points) in _lots)
            copy._lots[lot] = points;
        return copy;
    }

    public List<string> Add(ReadOnlyMemory<byte> payload)
    {
        _wrong = [];
        foreach (var (name, data) in Auditor.Events(payload))
        {
            Fold(name, data);
            if (data.TryGetProperty("balance", out var balance) && balance.GetInt64() != Balance)
                _wrong.Add($"{name} says {balance.GetInt64()} points, lots less debt are {Balance}");
        }
        if (Ledger != Balance)
            _wrong.Add($"the ledger sums to {Ledger}, lots less debt to {Balance}");
        if (Debt < 0 || _lots.Values.Any(v => v < 0))
            _wrong.Add("a lot or the debt is below zero");
        return _wrong;
    }

    private void Fold(string name, JsonElement data)
    {
        Debt += Number(data, "debtAdded") - Number(data, "debtPaid");
        foreach (var list in new[] { "lotsUsed", "lotsTaken", "lots" })
            foreach (var part in List(data, list))
                _lots[(int)Number(part, "lot")] = _lots.GetValueOrDefault((int)Number(part, "lot")) - Number(part, "points");
        foreach (var list in new[] { "lotsGranted", "lotsGivenBack" })
            foreach (var grant in List(data, list))
                Grant(grant);
        switch (name)
        {
            case "customer.purchase-recorded.1":
                Ledger += Number(data, "pointsEarned") - Number(data, "pointsUsed");
                Bought(data);
                break;
            case "customer.lines-returned.1":
                Ledger += Number(data, "pointsGivenBack") - Number(data, "pointsTakenBack");
                Returned(data);
                break;
            case "customer.points-redeemed.1" or "customer.points-expired.1":
                Ledger -= Number(data, "points");
                break;
            case "customer.points-adjusted.1":
                Ledger += Number(data, "points");
                break;
            case "customer.lots-merged.1":
                Merged(data);
                break;
        }
    }

    private void Bought(JsonElement data)
    {
        foreach (var line in List(data, "lines"))
        {
            if (Number(line, "lot") is var lot and not 0)
                _lots[(int)lot] = _lots.GetValueOrDefault((int)lot) + Number(line, "lotPoints");
            _bought[($"{data.GetProperty("store").GetString()}/{data.GetProperty("receipt").GetString()}", (int)Number(line, "line"))] = Number(line, "quantity");
        }
    }

    private void Returned(JsonElement data)
    {
        var receipt = $"{data.GetProperty("purchaseStore").GetString()}/{data.GetProperty("purchaseReceipt").GetString()}";
        foreach (var line in List(data, "lines"))
            if (Number(line, "quantitySoFar") > _bought.GetValueOrDefault((receipt, (int)Number(line, "line")), -1))
                _wrong.Add($"more of {receipt} came back than was bought");
    }

    private void Merged(JsonElement data)
    {
        foreach (var merge in List(data, "merges"))
        {
            foreach (var lot in List(merge, "lots"))
                _lots.Remove(lot.GetInt32());
            Grant(merge.GetProperty("into"));
        }
    }

    private void Grant(JsonElement grant) =>
        _lots[(int)Number(grant, "lot")] = _lots.GetValueOrDefault((int)Number(grant, "lot")) + Number(grant, "points");

    private static long Number(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;

    private static IEnumerable<JsonElement> List(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
