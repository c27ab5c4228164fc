using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ChainCrm.Client.Commands;

/// <summary>Shows how far a piece of work is, at what rate, and what time is left: a bar on a terminal, a line every few seconds elsewhere.</summary>
internal static class ProgressLine
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    /// <summary>Runs the work, which reports how many of the total it has done since it last reported.</summary>
    public static async Task RunAsync(Screen screen, string title, long total, Func<Action<long>, Task> work, CancellationToken cancellation)
    {
        if (screen.IsLive) await RunLiveAsync(screen, title, total, work);
        else await RunPlainAsync(screen, title, total, work, cancellation);
    }

    private static Task RunLiveAsync(Screen screen, string title, long total, Func<Action<long>, Task> work) =>
        screen.Console.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new CountColumn(), new RateColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: Math.Max(1, total));
                await work(count => task.Increment(count));
                if (total == 0) task.Increment(1);
            });

    private static async Task RunPlainAsync(Screen screen, string title, long total, Func<Action<long>, Task> work, CancellationToken cancellation)
    {
        var done = 0L;
        var clock = Stopwatch.StartNew();
        using var finished = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var lines = WriteLinesAsync(screen, title, total, () => Interlocked.Read(ref done), clock, finished.Token);
        try
        {
            await work(count => Interlocked.Add(ref done, count));
        }
        finally
        {
            await finished.CancelAsync();
            await lines;
        }

        screen.Line(Describe(title, Interlocked.Read(ref done), total, clock.Elapsed));
    }

    private static async Task WriteLinesAsync(Screen screen, string title, long total, Func<long> done, Stopwatch clock, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LineEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stop)) screen.Line(Describe(title, done(), total, clock.Elapsed));
        }
        catch (OperationCanceledException)
        {
            // The work is over or was stopped: either way there is nothing more to report here.
            return;
        }
    }

    /// <summary>One line: 12,000 of 40,278, 8,100/s, 3 s left.</summary>
    internal static string Describe(string title, long done, long total, TimeSpan elapsed)
    {
        var rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        var left = done >= total ? $"took {Duration(elapsed)}" : rate > 0 ? $"{Duration(TimeSpan.FromSeconds((total - done) / rate))} left" : "waiting";
        return string.Create(CultureInfo.InvariantCulture, $"{title}: {done:N0} of {total:N0}, {rate:N0}/s, {left}");
    }

    private static string Duration(TimeSpan time) => time.TotalSeconds < 100
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);

    private sealed class CountColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:N0}/{task.MaxValue:N0}")).RightJustified();
    }

    private sealed class RateColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(string.Create(CultureInfo.InvariantCulture, $"{(task.IsFinished ? task.Value / Math.Max(0.001, task.ElapsedTime?.TotalSeconds ?? 1) : task.Speed ?? 0):N0}/s"));
    }
}
