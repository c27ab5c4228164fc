using ChainCrm.Client.Load;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Load;

public sealed class KeyChooserTests
{
    private const int Draws = 400_000;

    [Fact]
    public void Without_an_exponent_all_keys_come_alike()
    {
        var counts = Draw(new KeyChooser(10), 10);

        foreach (var count in counts) ((double)count).ShouldBeInRange(Draws / 10 * 0.97, Draws / 10 * 1.03);
    }

    [Fact]
    public void Zipf_gives_each_key_its_share()
    {
        const double Exponent = 1.1;
        var counts = Draw(new KeyChooser(100, Exponent), 100);

        var sum = Enumerable.Range(1, 100).Sum(k => Math.Pow(k, -Exponent));
        foreach (var key in new[] { 0, 1, 9, 49 })
        {
            var expected = Draws * Math.Pow(key + 1, -Exponent) / sum;
            ((double)counts[key]).ShouldBeInRange(expected * 0.93, expected * 1.07);
        }
    }

    [Fact]
    public void A_single_key_is_always_chosen() => Draw(new KeyChooser(1, 1.5), 1)[0].ShouldBe(Draws);

    private static int[] Draw(KeyChooser chooser, int keys)
    {
        var random = new FastRandom(42);
        var counts = new int[keys];
        for (var i = 0; i < Draws; i++) counts[chooser.Choose(ref random)]++;
        return counts;
    }
}
