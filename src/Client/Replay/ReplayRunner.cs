using System.Collections.Concurrent;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Replay;

/// <summary>How a plan is sent.</summary>
internal sealed record RunnerOptions
{
    /// <summary>Workers; each has one request in flight and its own customers, so that a customer's purchases stay in the order of time.</summary>
    public int Workers { get; init; } = 4;
    /// <summary>Sales in one request, at most <see cref="ClientLimits.BatchPurchasesMax"/>; 1 sends each by itself to /v1/purchases.</summary>
    public int BatchSize { get; init; } = ClientLimits.ReplayBatchDefault;
    public Pace Pace { get; init; } = Pace.AsFastAsPossible;
}

/// <summary>Sends a plan and notes what became of each operation.</summary>
internal sealed class ReplayRunner
{
    private readonly ReplaySender _sender;
    private readonly ReplayPlan _plan;
    private readonly ReplayState _state;
    private readonly RunnerOptions _options;
    private readonly Action<int> _advanced;
    private readonly int[] _sequence;

    public ReplayRunner(ReplaySender sender, ReplayPlan plan, ReplayState state, RunnerOptions options, Action<int> advanced)
    {
        (_sender, _plan, _state, _options, _advanced) = (sender, plan, state, options, advanced);
        _sequence = new int[plan.Operations.Count];
    }

    /// <summary>Sends everything that is open. Ends early, without an exception of its own, only through the cancellation.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var partitions = Partition();
        var first = Enumerable.Range(0, _plan.Operations.Count).FirstOrDefault(operation => _state[operation] == ReplayState.Open, -1);
        if (first < 0) return;

        _options.Pace.Start(_plan.Operations[first].OccurredAt);
        // The first worker that cannot go on stops the others: its error is what the caller sees.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var workers = partitions.Select(partition => Task.Run(() => WorkAsync(partition, stop), CancellationToken.None)).ToArray();
        var all = Task.WhenAll(workers);
        try
        {
            await all;
        }
        catch (Exception) when (all.Exception?.InnerExceptions.FirstOrDefault(error => error is not OperationCanceledException) is { } cause)
        {
            throw cause as ChainCrmException ?? new ChainCrmException(cause.Message, cause);
        }
    }

    private List<int>[] Partition()
    {
        var partitions = new List<int>[_options.Workers];
        for (var i = 0; i < partitions.Length; i++) partitions[i] = [];
        var sequence = 0;
        for (var operation = 0; operation < _plan.Operations.Count; operation++)
        {
            if (_state[operation] != ReplayState.Open) continue;
            _sequence[operation] = sequence++;
            var owner = _plan.Operations[operation].Customer ?? _plan.Operations[operation].Receipt;
            partitions[StableHash(owner) % (uint)partitions.Length].Add(operation);
        }

        return partitions;
    }

    private async Task WorkAsync(List<int> operations, CancellationTokenSource stop)
    {
        try
        {
            var next = 0;
            while (next < operations.Count)
            {
                var wait = Until(operations[next]);
                if (wait > TimeSpan.Zero) await Task.Delay(wait, stop.Token);
                var taken = Take(operations, next);
                await SendAsync(taken, stop.Token);
                next += taken.Count;
                _advanced(taken.Count);
            }
        }
        catch (Exception)
        {
            await stop.CancelAsync();
            throw;
        }
    }

    /// <summary>The next due purchases of a worker up to the batch size, or one return.</summary>
    private List<int> Take(List<int> operations, int next)
    {
        var taken = new List<int> { operations[next] };
        if (_plan.Operations[operations[next]] is ReturnOperation) return taken;
        for (var i = next + 1; i < operations.Count && taken.Count < _options.BatchSize; i++)
        {
            if (_plan.Operations[operations[i]] is not PurchaseOperation || Until(operations[i]) > TimeSpan.Zero) break;
            taken.Add(operations[i]);
        }

        return taken;
    }

    private async Task SendAsync(List<int> operations, CancellationToken cancellation)
    {
        if (_plan.Operations[operations[0]] is ReturnOperation cancellationOfSale)
        {
            _state.Set(operations[0], await _sender.ReturnAsync(cancellationOfSale, cancellation));
            return;
        }

        if (_options.BatchSize == 1)
        {
            _state.Set(operations[0], await _sender.PurchaseAsync((PurchaseOperation)_plan.Operations[operations[0]], cancellation));
            return;
        }

        var purchases = operations.ConvertAll(operation => (PurchaseOperation)_plan.Operations[operation]);
        var outcomes = await _sender.BatchAsync(purchases, cancellation);
        for (var i = 0; i < operations.Count; i++) _state.Set(operations[i], outcomes[i]);
    }

    private TimeSpan Until(int operation) => _options.Pace.Until(_sequence[operation], _plan.Operations[operation].OccurredAt);

    /// <summary>FNV-1a: the same for the same text in every run, which string.GetHashCode is not.</summary>
    private static uint StableHash(string text)
    {
        var hash = 2_166_136_261u;
        foreach (var letter in text) hash = unchecked((hash ^ letter) * 16_777_619u);
        return hash;
    }
}
