using ChainCrm.Client.Load;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Load;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void An_empty_histogram_has_no_percentiles()
    {
        var histogram = new LatencyHistogram();

        histogram.Count.ShouldBe(0);
        histogram.Max.ShouldBe(0);
        histogram.Percentile(99).ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(255)]
    [InlineData(1_000_000)]
    [InlineData(long.MaxValue)]
    public void A_single_duration_is_every_percentile_and_the_longest(long duration)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(duration);

        histogram.Percentile(0).ShouldBe(duration);
        histogram.Percentile(50).ShouldBe(duration);
        histogram.Percentile(100).ShouldBe(duration);
        histogram.Max.ShouldBe(duration);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(90)]
    [InlineData(99)]
    [InlineData(99.9)]
    public void A_percentile_is_off_by_less_than_a_hundredth(double percentile)
    {
        var histogram = new LatencyHistogram();
        var random = new Random(7);
        var durations = new long[20_000];
        for (var i = 0; i < durations.Length; i++)
        {
            durations[i] = (long)Math.Exp(random.NextDouble() * 25);
            histogram.Record(durations[i]);
        }

        Array.Sort(durations);
        var exact = durations[(int)Math.Ceiling(percentile / 100 * durations.Length) - 1];
        ((double)histogram.Percentile(percentile)).ShouldBeInRange(exact, exact * 1.008);
    }

    [Fact]
    public void Two_histograms_add_up()
    {
        var (first, second) = (new LatencyHistogram(), new LatencyHistogram());
        for (var i = 1; i <= 100; i++) first.Record(i);
        for (var i = 101; i <= 200; i++) second.Record(i);

        first.Add(second);

        first.Count.ShouldBe(200);
        first.Max.ShouldBe(200);
        first.Percentile(50).ShouldBe(100);
    }

    [Fact]
    public void A_duration_below_zero_counts_as_zero()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(-5);

        histogram.Percentile(100).ShouldBe(0);
        histogram.Count.ShouldBe(1);
    }
}
