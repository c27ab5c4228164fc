using System.Globalization;
using System.Text.Json;

namespace ChainCrm.Faults.Audit;

/// <summary>Holds what the running server tells (figures, statements, cards, totals) against the answers that tills got.</summary>
internal sealed class WireAudit(Till till, Uri address)
{
    private const int FiguresPage = 1_000, StatementPage = 200;

    /// <param name="answers">All answers.</param>
    /// <param name="statements">Customers whose statement is read: so many of them, drawn by <paramref name="random"/>.</param>
    /// <param name="random">Draws.</param>
    public async Task<Findings> CompareAsync(IReadOnlyList<Answer> answers, int statements, Random random)
    {
        var findings = new Findings();
        var customers = answers.Where(answer => answer.Refusal is null).GroupBy(JournalAudit.CustomerOf).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        foreach (var page in customers.Keys.Chunk(FiguresPage)) await CheckFiguresAsync(page, customers, findings);
        foreach (var customer in customers.Keys.Order(StringComparer.Ordinal).OrderBy(_ => random.Next()).Take(statements))
        {
            await CheckStatementAsync(customer, customers[customer], findings);
            await CheckCardAsync(customer, customers[customer], findings);
        }

        await CheckTotalsAsync(answers, findings);
        return findings;
    }

    private async Task CheckFiguresAsync(string[] page, Dictionary<string, List<Answer>> customers, Findings findings)
    {
        var reply = await till.AskAsync(address, "/v1/audit/customers", JsonSerializer.Serialize(new { ids = page }));
        foreach (var figures in reply.GetProperty("customers").EnumerateArray())
        {
            var id = figures.GetProperty("id").GetString()!;
            var answers = customers[id];
            Same(findings, $"balance of {id}", figures.GetProperty("balance").GetInt64(), answers.Sum(JournalAudit.PointsOf));
            Same(findings, $"lots less debt of {id}", figures.GetProperty("lotSum").GetInt64() - figures.GetProperty("debt").GetInt64(), answers.Sum(JournalAudit.PointsOf));
            Same(findings, $"version of {id}", figures.GetProperty("version").GetInt64(), answers.Count);
            Same(findings, $"purchases of {id}", figures.GetProperty("purchaseCount").GetInt64(), answers.Count(answer => answer.Kind == nameof(Kind.Purchase)));
        }
    }

    private async Task CheckStatementAsync(string customer, List<Answer> answers, Findings findings)
    {
        var lines = new Dictionary<long, JsonElement>();
        for (long? before = long.MaxValue; before is not null;)
        {
            var page = await till.AskAsync(address, string.Create(CultureInfo.InvariantCulture, $"/v1/customers/{customer}/statement?limit={StatementPage}&before={before}"));
            foreach (var line in page.GetProperty("lines").EnumerateArray())
            {
                if (!lines.TryAdd(line.GetProperty("version").GetInt64(), line)) findings.Doubled.Add($"the statement of {customer} has version {line.GetProperty("version")} twice");
            }

            before = page.TryGetProperty("nextBefore", out var next) ? next.GetInt64() : null;
        }

        Same(findings, $"lines in the statement of {customer}", lines.Count, answers.Count);
        foreach (var answer in answers)
        {
            var version = answer.Reply!.Value.GetProperty("version").GetInt64();
            if (!lines.TryGetValue(version, out var line))
            {
                findings.Lost.Add($"{answer.Command} is not in the statement of {customer}");
                continue;
            }

            Same(findings, $"points of {answer.Command} in the statement", line.GetProperty("points").GetInt64(), JournalAudit.PointsOf(answer));
            if (MarkOf(line, answer.Kind) is { } mark && mark != answer.Command.Split('/')[1]) findings.Wrong.Add($"version {version} of {customer} is {mark} in the statement and was {answer.Command}");
        }
    }

    /// <summary>The card finds the customer, and the name still opens: keys of personal data are not in the journal.</summary>
    private async Task CheckCardAsync(string customer, List<Answer> answers, Findings findings)
    {
        if (answers.FirstOrDefault(answer => answer.Kind == nameof(Kind.Enrolment)) is not { } enrolment) return;
        var card = Chain.CardOf(enrolment.Command);
        var found = await till.AskAsync(address, "/v1/identify", $$"""{"card":"{{card}}"}""");
        if (found.GetProperty("id").GetString() != customer) findings.Wrong.Add($"card {card} finds {found.GetProperty("id")} and was given to {customer}");
        if (!found.TryGetProperty("card", out var shown) || shown.GetString() != card) findings.Wrong.Add($"the card of {customer} does not open: its key is gone");
    }

    private async Task CheckTotalsAsync(IReadOnlyList<Answer> answers, Findings findings)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(FaultsLimits.RetryMs));
        var until = Environment.TickCount64 + FaultsLimits.PatienceSeconds * 1_000L;
        JsonElement stats;
        while (true)
        {
            stats = await till.AskAsync(address, "/v1/stats");
            if (stats.GetProperty("position").GetInt64() >= stats.GetProperty("head").GetInt64()) break;
            if (Environment.TickCount64 > until) throw new TimeoutException($"The read models do not catch up: {stats}");
            await timer.WaitForNextTickAsync();
        }

        var done = answers.Where(answer => answer.Refusal is null).ToLookup(answer => answer.Kind);
        Same(findings, "purchases in all", stats.GetProperty("purchases").GetInt64(), done[nameof(Kind.Purchase)].Count());
        Same(findings, "returns in all", stats.GetProperty("returns").GetInt64(), done[nameof(Kind.Return)].Count());
        Same(findings, "members in all", stats.GetProperty("members").GetInt64(), done[nameof(Kind.Enrolment)].Count());
        Same(findings, "revenue in all", stats.GetProperty("revenueMinor").GetInt64(), done[nameof(Kind.Purchase)].Sum(answer => answer.AmountMinor) - done[nameof(Kind.Return)].Sum(answer => answer.AmountMinor));
    }

    private static string? MarkOf(JsonElement line, string kind) => kind switch
    {
        nameof(Kind.Purchase) => line.GetProperty("receipt").GetString(),
        nameof(Kind.Enrolment) => null,
        _ => line.GetProperty("note").GetString(),
    };

    private static void Same(Findings findings, string what, long shown, long expected)
    {
        if (shown != expected) findings.Wrong.Add($"{what}: the server shows {shown}, the answers come to {expected}");
    }
}
