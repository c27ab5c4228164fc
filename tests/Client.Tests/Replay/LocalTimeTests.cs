using ChainCrm.Client.Replay;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Replay;

public sealed class LocalTimeTests
{
    [Theory]
    [InlineData("2017-01-01T08:47:20", "2017-01-01T08:47:20.0000000+08:00")]
    [InlineData("2017-01-01 08:47:20", "2017-01-01T08:47:20.0000000+08:00")]
    [InlineData("2017-01-01 08:47", "2017-01-01T08:47:00.0000000+08:00")]
    [InlineData("2017-01-01T08:47:20.5", "2017-01-01T08:47:20.5000000+08:00")]
    [InlineData("2017-01-01", "2017-01-01T00:00:00.0000000+08:00")]
    [InlineData("2017-01-01T08:47:20Z", "2017-01-01T08:47:20.0000000+00:00")]
    [InlineData("2017-01-01T08:47:20-05:00", "2017-01-01T08:47:20.0000000-05:00")]
    public void A_local_time_gets_the_offset_and_a_full_one_keeps_its_own(string text, string expected)
    {
        LocalTime.TryParse(text, TimeSpan.FromHours(8), out var time).ShouldBeTrue();

        time.ToString("O").ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2017-13-01T00:00:00")]
    [InlineData("01/02/2017")]
    public void What_is_no_time_or_could_mean_two_is_not_read(string text) =>
        LocalTime.TryParse(text, TimeSpan.Zero, out _).ShouldBeFalse();

    [Theory]
    [InlineData("+08:00", 480)]
    [InlineData("-5:30", -330)]
    [InlineData("+8", 480)]
    [InlineData("Z", 0)]
    public void Offsets_are_read(string text, int minutes)
    {
        LocalTime.TryParseOffset(text, out var offset).ShouldBeTrue();

        offset.TotalMinutes.ShouldBe(minutes);
    }

    [Theory]
    [InlineData("08:00")]
    [InlineData("+15:00")]
    [InlineData("Asia/Shanghai")]
    public void What_is_no_offset_is_not_read(string text) => LocalTime.TryParseOffset(text, out _).ShouldBeFalse();
}
