using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Silo.Api;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>The business day of a sale.</summary>
public sealed class BusinessClockTests
{
    [Theory]
    [InlineData("Asia/Shanghai")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/St_Johns")]
    [InlineData("Africa/Monrovia")]
    [InlineData("Mars/Olympus")]
    public void Day_and_offset_are_those_of_the_zone_or_of_UTC(string name)
    {
        var programme = Programme.BuiltIn with { TimeZone = name };
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(name, out var known) ? known : TimeZoneInfo.Utc;
        var random = new Random(12);
        for (var i = 0; i < 20_000; i++)
        {
            // What a till may say: any time that the calendar knows, and the first and the last of it.
            var at = i switch { 0 => DateTimeOffset.MinValue, 1 => DateTimeOffset.MaxValue, _ => DateTimeOffset.MinValue.AddMinutes(random.NextInt64(5_258_964_000)) };
            if (i % 2 == 0 && i > 2) at = new DateTimeOffset(1970 + random.Next(80), 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(random.Next(31_536_000));
            var offset = (int)zone.GetUtcOffset(at).TotalMinutes;
            var day = (int)Math.Floor((at.ToUnixTimeMilliseconds() + (offset * 60_000L)) / 86_400_000d);
            BusinessClock.At(programme, new Timestamp(at.ToUnixTimeMilliseconds())).ShouldBe((new BusinessDay(day), offset));
        }
    }

    [Fact]
    public void A_name_is_a_zone_only_when_this_machine_knows_it()
    {
        BusinessClock.Find("Asia/Shanghai").ShouldNotBeNull().TimeZone.ShouldBe("Asia/Shanghai");
        BusinessClock.Find("Mars/Olympus").ShouldBeNull();
    }
}
