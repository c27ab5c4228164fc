using System.Text.Json;

namespace ChainCrm.Faults.Audit;

/// <summary>Holds the rows of the journal against the answers that tills got: a dictionary and sums, and nothing of the product's code.</summary>
internal static class JournalAudit
{
    private const string Purchase = "customer.purchase-recorded.2";

    public static Findings Compare(IReadOnlyList<Entry> entries, IReadOnlyList<Answer> answers)
    {
        var findings = new Findings();
        CheckOrder(entries, findings);
        var recorded = entries.Where(IsOfCustomer).ToLookup(entry => entry.Command, StringComparer.Ordinal);
        foreach (var answer in answers)
        {
            var found = recorded[answer.Command].ToList();
            if (answer.Refusal is { } refusal)
            {
                if (found.Count > 0) findings.Wrong.Add($"{answer.Command} was refused with {refusal} and is recorded at {Places(found)}");
                continue;
            }

            if (found.Count == 0) findings.Lost.Add($"{answer.Command}: {answer.Reply}");
            if (found.Count > 1) findings.Doubled.Add($"{answer.Command} is recorded at {Places(found)}");
            if (found.Count == 0) continue;
            if (found[0].Position <= answer.HeadAtRetry) findings.Found++;
            CheckEffect(answer, found[0], findings);
        }

        var settled = answers.Select(answer => answer.Command).ToHashSet(StringComparer.Ordinal);
        foreach (var stranger in recorded.Where(group => !settled.Contains(group.Key))) findings.Doubled.Add($"{stranger.Key} is recorded at {Places(stranger)} and nobody was told so");
        CheckBalances(answers, findings);
        return findings;
    }

    /// <summary>The customer of an answer, or the one it made.</summary>
    public static string CustomerOf(Answer answer) => answer.Customer ?? answer.Reply!.Value.GetProperty("id").GetString()!;

    /// <summary>What an acknowledged command did to the balance.</summary>
    public static long PointsOf(Answer answer) => answer.Points ?? 0;

    private static bool IsOfCustomer(Entry entry) => entry.Stream.Contains("/customer/", StringComparison.Ordinal);

    private static void CheckOrder(IReadOnlyList<Entry> entries, Findings findings)
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        var commands = new HashSet<(string, string)>();
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.Position != i + 1) findings.Wrong.Add($"position {i + 1} is missing: {entry.Position} is in its place");
            if (entry.Version != (versions[entry.Stream] = versions.GetValueOrDefault(entry.Stream) + 1)) findings.Wrong.Add($"{entry.Stream}: version {entry.Version} at {entry.Position} does not follow");
            if (!commands.Add((entry.Stream, entry.Command))) findings.Doubled.Add($"{entry.Stream}: {entry.Command} is recorded again at {entry.Position}");
        }
    }

    private static void CheckEffect(Answer answer, Entry entry, Findings findings)
    {
        var reply = answer.Reply!.Value;
        if (!entry.Stream.EndsWith("/customer/" + CustomerOf(answer), StringComparison.Ordinal)) findings.Wrong.Add($"{answer.Command} is recorded for {entry.Stream}");
        if (entry.Version != reply.GetProperty("version").GetInt64()) findings.Wrong.Add($"{answer.Command} is recorded as version {entry.Version} and was answered as {reply.GetProperty("version")}");
        using var data = JsonDocument.Parse(entry.Data);
        var events = data.RootElement.GetProperty("e").EnumerateArray().ToList();
        var expected = EventOf(answer.Kind);
        var own = events.Where(happened => happened.GetProperty("t").GetString() == expected).ToList();
        if (own.Count != 1)
        {
            findings.Wrong.Add($"{answer.Command} is recorded with {own.Count} events {expected}");
            return;
        }

        if (answer.Kind == nameof(Kind.Enrolment)) return;
        // A member at zero is written where it is required, and left out elsewhere. Purchases have short names.
        var balance = own[0].GetProperty("d").TryGetProperty(expected == Purchase ? "b" : "balance", out var written) ? written.GetInt64() : 0;
        if (balance != reply.GetProperty("balance").GetInt64()) findings.Wrong.Add($"{answer.Command} is recorded with the balance {balance} and was answered with {reply.GetProperty("balance")}");
    }

    /// <summary>The answers of a customer, by version: each says the balance before it and its own effect.</summary>
    private static void CheckBalances(IReadOnlyList<Answer> answers, Findings findings)
    {
        foreach (var customer in answers.Where(answer => answer.Refusal is null).GroupBy(CustomerOf))
        {
            long balance = 0, version = 0;
            foreach (var answer in customer.OrderBy(answer => answer.Reply!.Value.GetProperty("version").GetInt64()))
            {
                var reply = answer.Reply!.Value;
                balance += PointsOf(answer);
                version++;
                if (reply.GetProperty("version").GetInt64() != version) findings.Wrong.Add($"{customer.Key}: {answer.Command} was answered as version {reply.GetProperty("version")}, and the answers come to {version}");
                if (answer.Kind != nameof(Kind.Enrolment) && reply.GetProperty("balance").GetInt64() != balance)
                    findings.Wrong.Add($"{customer.Key}: {answer.Command} was answered with the balance {reply.GetProperty("balance")}, and the answers come to {balance}");
            }
        }
    }

    private static string EventOf(string kind) => Enum.Parse<Kind>(kind) switch
    {
        Kind.Enrolment => "customer.enrolled.1",
        Kind.Purchase => Purchase,
        Kind.Return => "customer.lines-returned.1",
        Kind.Redemption => "customer.points-redeemed.1",
        Kind.Adjustment => "customer.points-adjusted.1",
        _ => throw new System.Diagnostics.UnreachableException($"No event of {kind}."),
    };

    private static string Places(IEnumerable<Entry> entries) => string.Join(", ", entries.Select(entry => $"{entry.Position} ({entry.Stream} {entry.Version})"));
}
