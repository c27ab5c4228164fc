using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ChainCrm.Client.Replay;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Commands;

/// <summary>A replay as asked for.</summary>
internal sealed record ReplayJob
{
    public required string File { get; init; }
    public required ChainCrmClientOptions Connection { get; init; }
    public required PlanOptions Plan { get; init; }
    public required RunnerOptions Runner { get; init; }
    public required string? StateFile { get; init; }
    public required bool SkipBadRows { get; init; }
    public required TimeSpan Patience { get; init; }
    public required string Region { get; init; }
    public required string City { get; init; }
    public required string? Json { get; init; }
}

/// <summary>Reads the file, prepares the server, sends, and reports.</summary>
internal sealed class ReplayJobRunner(ReplayJob job, Screen screen)
{
    private long _lastTroubleMs = -ClientLimits.TroubleLineEveryMs;

    private readonly Screen _words = job.Json == "-" ? new Screen(TextWriter.Null) : screen;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var plan = ReadPlan(cancellation);
        if (plan.BadRows.Count > 0)
        {
            foreach (var bad in plan.BadRows) Say(string.Create(CultureInfo.InvariantCulture, $"line {bad.Line}: {bad.Reason}"));
            Say(string.Create(CultureInfo.InvariantCulture, $"{plan.Quirks[Quirks.BadRows]:N0} rows cannot be read."));
            if (!job.SkipBadRows) throw new UsageException("Nothing was sent. --skip-bad-rows goes on without these rows.");
        }

        var options = job.Connection with { AttemptTimeout = TimeSpan.FromMinutes(1), RetryFor = job.Patience, RetriesMax = int.MaxValue, OnRetry = SayTrouble };
        using var client = new ChainCrmClient(options);
        var keys = new ReplayKeys(options.AccessKey);
        var before = await TotalsAsync(client, cancellation);
        var ids = await PrepareAsync(client, keys, plan, cancellation);

        using var state = ReplayState.OpenOrCreate(job.StateFile, await IdentityAsync(client, plan, cancellation));
        if (state.AlreadyDone > 0)
            Say(string.Create(CultureInfo.InvariantCulture, $"Going on: {state.AlreadyDone:N0} of {plan.Operations.Count:N0} receipts were sent before."));

        var sender = new ReplaySender(client, keys, ids);
        var clock = Stopwatch.StartNew();
        var wasStopped = false;
        try
        {
            await ProgressLine.RunAsync(_words, "receipts", plan.Operations.Count - state.AlreadyDone, advance =>
                new ReplayRunner(sender, plan, state, job.Runner, count => advance(count)).RunAsync(cancellation), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            wasStopped = true;
        }

        clock.Stop();
        // After Ctrl-C the table is still worth a moment, so it is not cancelled with the rest.
        var after = await TotalsAsync(client, wasStopped ? CancellationToken.None : cancellation);
        var report = ReplayReport.From(plan, state, sender.Refusals, before, after, clock.Elapsed);
        await ReportAsync(report);
        if (report.Finished)
        {
            state.Finish();
            return ExitCodes.Done;
        }

        Say(job.StateFile is null ? "Stopped." : $"Stopped. The same command goes on (what was sent is noted in {job.StateFile}).");
        return ExitCodes.Stopped;
    }

    private ReplayPlan ReadPlan(CancellationToken cancellation)
    {
        using var text = ReplayFile.OpenText(job.File);
        try
        {
            var plan = PlanBuilder.Build(text, job.Plan, cancellation);
            Say(string.Create(CultureInfo.InvariantCulture,
                $"{job.File}: {plan.Rows:N0} rows, {plan.Operations.Count:N0} receipts, {plan.Customers.Count:N0} customers, {plan.Stores.Count:N0} stores."));
            return plan;
        }
        catch (Exception broken) when (broken is InvalidDataException or System.Text.DecoderFallbackException)
        {
            throw new CsvException($"{job.File} cannot be read: {broken.Message}");
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> PrepareAsync(ChainCrmClient client, ReplayKeys keys, ReplayPlan plan, CancellationToken cancellation)
    {
        var setup = new ReplaySetup(client, keys, job.Region, job.City);
        var opened = 0;
        await setup.OpenStoresAsync(plan.Stores, () => Interlocked.Increment(ref opened), cancellation);
        Say(string.Create(CultureInfo.InvariantCulture, $"stores: {opened:N0} opened, {plan.Stores.Count - opened:N0} known."));
        IReadOnlyDictionary<string, string>? ids = null;
        await ProgressLine.RunAsync(_words, "customers", plan.Customers.Count, async advance =>
            ids = await setup.EnrolAsync(plan.Customers, () => advance(1), cancellation), cancellation);
        return ids!;
    }

    private async Task<ReplayIdentity> IdentityAsync(ChainCrmClient client, ReplayPlan plan, CancellationToken cancellation)
    {
        var first = (await client.JournalAsync(0, 1, cancellation)).Entries.FirstOrDefault();
        return new ReplayIdentity
        {
            File = await ReplayFile.HashAsync(job.File, cancellation),
            Options = ReplayFile.Hash(JsonSerializer.Serialize(job.Plan.Mapping, MappingJson.Default.ColumnMapping)
                + string.Create(CultureInfo.InvariantCulture, $"|{job.Plan.UtcOffset}|{job.Plan.TimeShiftDays}|{job.Plan.CurrencyDecimals}")),
            Journal = ReplayFile.Hash(first is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{first.Stream}|{first.CommandId}|{first.At:O}")),
            Operations = plan.Operations.Count,
        };
    }

    /// <summary>The totals once they show everything recorded so far; after a minute, as they are.</summary>
    private static async Task<StatsReply> TotalsAsync(ChainCrmClient client, CancellationToken cancellation)
    {
        var stats = await client.StatsAsync(cancellation);
        var head = stats.Head;
        var clock = Stopwatch.StartNew();
        while (stats.Position < head && clock.ElapsedMilliseconds < ClientLimits.TotalsWaitMs)
        {
            await Task.Delay(100, cancellation);
            stats = await client.StatsAsync(cancellation);
        }

        return stats;
    }

    private async Task ReportAsync(ReplayReport report)
    {
        if (job.Json is { } path) await screen.WriteJsonAsync(path, JsonSerializer.SerializeToUtf8Bytes(report, IndentedJson.Default.ReplayReport), CancellationToken.None);

        List<string[]> rows =
        [
            ["rows in the file", Number(report.Rows)],
            ["receipts", Number(report.Receipts)],
            ["purchase lines", Number(report.Lines)],
            .. report.Quirks.Select(quirk => new[] { "  " + quirk.Key, Number(quirk.Value) }),
        ];
        if (report.RoundingTotal != 0) rows.Add(["  rounding added in all", report.RoundingTotal.ToString(CultureInfo.InvariantCulture)]);
        rows.Add(["sent", Number(report.Sent)]);
        if (report.FromEarlierRun > 0) rows.Add(["  of these by an earlier, stopped run", Number(report.FromEarlierRun)]);
        rows.Add(["purchases recorded", Number(report.RecordedPurchases)]);
        rows.Add(["sales to nobody known recorded", Number(report.RecordedWalkIns)]);
        rows.Add(["returns recorded", Number(report.RecordedReturns)]);
        rows.Add(["sales refused", Number(report.RefusedPurchases)]);
        rows.Add(["cancellations refused", Number(report.RefusedCancellations)]);
        rows.AddRange(report.Refusals.Select(refusal => new[] { string.Create(CultureInfo.InvariantCulture, $"  refused with {refusal.Code} {refusal.Name}"), Number(refusal.Count) }));
        rows.Add(["new purchases in the totals", Number(report.New.Purchases)]);
        rows.Add(["new sales to nobody known", Number(report.New.WalkIns)]);
        rows.Add(["new returns", Number(report.New.Returns)]);
        rows.Add(["new members", Number(report.New.Members)]);
        rows.Add(["new stores", Number(report.New.Stores)]);
        rows.Add(["new revenue", MinorUnits.Format(report.New.RevenueMinor, job.Plan.CurrencyDecimals)]);
        rows.Add(["seconds", report.Seconds.ToString("N1", CultureInfo.InvariantCulture)]);
        _words.Table("Replay", ["", "count"], rows);
    }

    /// <summary>Says why nothing moves, a few times a minute at most: every worker meets the same trouble.</summary>
    private void SayTrouble(string trouble)
    {
        var now = Environment.TickCount64;
        var last = Interlocked.Read(ref _lastTroubleMs);
        if (now - last < ClientLimits.TroubleLineEveryMs || Interlocked.CompareExchange(ref _lastTroubleMs, now, last) != last) return;
        Say($"trying again: {trouble}.");
    }

    /// <summary>Words go to the screen unless it is to hold JSON alone.</summary>
    private void Say(string text) => _words.Line(text);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
