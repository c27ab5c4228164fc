using System.Diagnostics;
using ChainCrm.Faults.Audit;
using ChainCrm.Faults.Kinds;

namespace ChainCrm.Faults;

/// <summary>What came of a run of one kind.</summary>
internal sealed record Result
{
    public required string Kind { get; init; }
    public required int Seed { get; init; }
    public required int Count { get; init; }
    public string? Skipped { get; init; }
    public int Faults { get; set; }
    /// <summary>Faults that were ordered and met nobody.</summary>
    public int Missed { get; set; }
    public int Acknowledged { get; set; }
    public int Refused { get; set; }
    public int Retries { get; set; }
    public int Found { get; set; }
    public int Lost { get; set; }
    public int Doubled { get; set; }
    public int Wrong { get; set; }
    public int Audits { get; set; }
    public double FirstAnswerMsMedian { get; set; }
    public double FirstAnswerMsMax { get; set; }
    public double Seconds { get; set; }
    /// <summary>What is different, or what broke the run off.</summary>
    public List<string> Differences { get; } = [];
    public string? Folder { get; set; }

    public bool Fine => Differences.Count == 0;

    public string Replay => $"./tests/Faults/run --kind {Kind} --count {Count} --seed {Seed}";
}

/// <summary>One kind of fault, again and again on one installation under load, with audits in between.</summary>
/// <param name="kind">The kind.</param>
/// <param name="count">How many faults.</param>
/// <param name="seed">What they are drawn from.</param>
/// <param name="turns">When it is ours to work.</param>
/// <param name="audited">Told what is known after each audit.</param>
internal sealed class Run(FaultKind kind, int count, int seed, Turns turns, Action<Result>? audited = null)
{
    private readonly Gate _pause = new();
    private readonly Findings _findings = new();
    private readonly List<double> _firstAnswers = [];
    private readonly long _began = Stopwatch.GetTimestamp();
    private TimeSpan _waited;
    private readonly Result _result = new() { Kind = kind.Name, Seed = seed, Count = count };

    /// <param name="enough">No more faults: what was done is audited, and told.</param>
    public async Task<Result> RunAsync(CancellationToken enough = default)
    {
        if (Site.WhyMissing(kind.Needs) is { } reason) return new Result { Kind = kind.Name, Seed = seed, Count = count, Skipped = reason };
        await using (var site = await Site.MakeAsync(kind.Needs))
        {
            await RunOnAsync(site, enough);
            site.Keep = !_result.Fine;
            if (site.Keep) _result.Folder = site.Folder;
        }

        return _result;
    }

    private async Task RunOnAsync(Site site, CancellationToken enough)
    {
        using var till = new Till(await site.KeyAsync());
        using var books = new Books(Path.Combine(site.Folder, "answers.jsonl"));
        await Chain.MakeAsync(till, site.Address);
        var customers = await EnrolAsync(site, till, books);
        await site.OpenAsync();
        _pause.Open(new Up(site.Address, 0));
        using var stop = new CancellationTokenSource();
        var key = await site.KeyAsync();
        var workers = Enumerable.Range(1, FaultsLimits.Workers).Select(number => new Worker(number, seed, site.Gate, _pause, books, customers, key)).ToList();
        var work = workers.Select(worker => Task.Run(() => worker.RunAsync(stop.Token))).ToList();
        try
        {
            for (var index = 0; index < count && _result.Fine && !enough.IsCancellationRequested; index++)
            {
                await StrikeAsync(new Round(site, index, seed, books), books, work);
                if (workers.FirstOrDefault(worker => worker.Complaint is not null) is { } complaining) _result.Differences.Add($"refused: {complaining.Complaint}");
                if ((index + 1) % FaultsLimits.AuditEvery == 0 && index + 1 < count) await AuditAsync(site, till, books, FaultsLimits.StatementsSampled);
                if (turns.IsOver) await LetOthersAsync(site);
            }

            await AuditAsync(site, till, books, int.MaxValue);
            if (_result.Fine) await AuditFilesAloneAsync(site, till, books);
        }
        catch (Exception broken) when (broken is TimeoutException or StartFailedException or InvalidOperationException or InvalidDataException or System.Text.Json.JsonException)
        {
            _result.Differences.Add($"broken off: {broken.Message}");
        }

        await stop.CancelAsync();
        _pause.OpenAgain();
        // Those that can't end, because nothing answers any more, are left to the end of the process.
        await Task.WhenAny(Task.WhenAll(work), Task.Delay(TimeSpan.FromSeconds(_result.Fine ? FaultsLimits.PatienceSeconds : 5)));
        if (!_result.Fine) await File.WriteAllTextAsync(Path.Combine(site.Folder, "server.log"), site.Server.Said);
        foreach (var worker in workers) worker.Dispose();
        Count(books);
    }

    private void Count(Books books)
    {
        (_result.Acknowledged, _result.Refused, _result.Retries) = (books.Acknowledged, books.Refused, books.Retries);
        (_result.Found, _result.Lost, _result.Doubled, _result.Wrong) = (_findings.Found, _findings.Lost.Count, _findings.Doubled.Count, _findings.Wrong.Count);
        _result.Seconds = (Stopwatch.GetElapsedTime(_began) - _waited).TotalSeconds;
        var sorted = _firstAnswers.Order().ToList();
        if (sorted.Count > 0) (_result.FirstAnswerMsMedian, _result.FirstAnswerMsMax) = (sorted[sorted.Count / 2], sorted[^1]);
    }

    private async Task StrikeAsync(Round round, Books books, List<Task> work)
    {
        // A random moment under load: first by what was done, then by the clock, to hit every stage of a commit. A till that failed ends the wait.
        await await Task.WhenAny([books.MoreAsync(round.Random.Next(FaultsLimits.CommandsMin, FaultsLimits.CommandsBelow)), .. work]);
        await round.WithinAsync(FaultsLimits.LoadMsBelow);
        await kind.StrikeAsync(round);
        if (round.Struck) _result.Faults++;
        else _result.Missed++;
        _firstAnswers.Add(await round.FirstAnswerAsync().WaitAsync(TimeSpan.FromSeconds(FaultsLimits.PatienceSeconds)));
    }

    private static async Task<List<string>> EnrolAsync(Site site, Till till, Books books)
    {
        var customers = new List<string>();
        for (var number = 1; number <= FaultsLimits.Customers; number++)
        {
            var command = Chain.Enrol($"c-{number}");
            var (status, text) = await till.SendAsync(site.Address, HttpMethod.Post, command.Path, command.Body, command.Key);
            if (status != System.Net.HttpStatusCode.Created) throw new InvalidOperationException($"{command.Id}: {status} {text}");
            books.Accept(command, text);
            customers.Add(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(text).GetProperty("id").GetString()!);
        }

        return customers;
    }

    /// <summary>Lets every till bring its command to an end.</summary>
    private async Task QuietAsync(Site site)
    {
        _pause.Close();
        if (!await _pause.GatherAsync(FaultsLimits.Workers, TimeSpan.FromSeconds(FaultsLimits.PatienceSeconds)))
            throw new TimeoutException($"Only {_pause.Waiting} of {FaultsLimits.Workers} tills brought their command to an end. The server says: {site.Server.Said}");
    }

    private async Task LetOthersAsync(Site site)
    {
        var began = Stopwatch.GetTimestamp();
        await QuietAsync(site);
        await turns.NextAsync();
        _waited += Stopwatch.GetElapsedTime(began);
        _pause.OpenAgain();
    }

    private async Task AuditAsync(Site site, Till till, Books books, int statements)
    {
        await QuietAsync(site);
        var answers = books.Read();
        _findings.Add(JournalAudit.Compare(await site.Journal.AllAsync(), answers));
        _findings.Add(await new WireAudit(till, site.Address).CompareAsync(answers, statements, new Random(seed)));
        _result.Audits++;
        _result.Differences.AddRange(_findings.Lines());
        Count(books);
        audited?.Invoke(_result);
        _pause.OpenAgain();
    }

    /// <summary>And once more from the files alone, while nobody sells.</summary>
    private async Task AuditFilesAloneAsync(Site site, Till till, Books books)
    {
        await QuietAsync(site);
        await site.KillAsync();
        await site.LaunchAsync();
        await site.OpenAsync();
        await AuditAsync(site, till, books, FaultsLimits.StatementsSampled);
    }
}
