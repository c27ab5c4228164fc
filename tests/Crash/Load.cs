namespace ChainCrm.Crash;

/// <summary>Tills at work on a chain until they are ended.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Progress _progress = new();
    private readonly List<Worker> _workers;
    private readonly List<Task> _work;

    public Load(Chain chain, int workers)
    {
        _workers = [.. Enumerable.Range(1, workers).Select(number => new Worker(number, chain, _progress))];
        _work = [.. _workers.Select(worker => Task.Run(() => worker.RunAsync(_stop.Token)))];
    }

    /// <summary>Waits for so many more accepted commands; a worker that failed ends the wait.</summary>
    public async Task MoreAsync(int count) => await await Task.WhenAny([_progress.MoreAsync(count), .. _work]);

    /// <summary>Ends the work; who did it, with their books.</summary>
    public async Task<IReadOnlyList<Worker>> EndAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_work).WaitAsync(TimeSpan.FromSeconds(60));
        return _workers;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(Task.WhenAll(_work), Task.Delay(TimeSpan.FromSeconds(60)));
        foreach (var worker in _workers) worker.Dispose();
        _stop.Dispose();
    }
}
