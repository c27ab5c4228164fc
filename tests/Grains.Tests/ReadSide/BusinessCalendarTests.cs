using ChainCrm.Domain;
using ChainCrm.Grains.ReadSide;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.ReadSide;

public sealed class BusinessCalendarTests
{
    [Theory]
    [InlineData("Asia/Shanghai")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Pacific/Apia")]
    [InlineData("America/St_Johns")]
    public void Days_and_times_of_day_are_those_of_the_zone(string zone)
    {
        var calendar = new BusinessCalendar(zone);
        calendar.IsKnown.ShouldBeTrue();
        var rules = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            // 1960 to 2059; the times of many calls lie near each other, as those of trade do, and others share a place in the memory.
            var at = random.NextInt64(-315_619_200_000, 2_840_140_800_000);
            for (var j = 0; j < 3; j++) ShouldAgree(calendar, rules, at + random.Next(3_600_000));
        }
    }

    [Fact]
    public void A_change_of_clocks_is_met_to_the_millisecond()
    {
        var calendar = new BusinessCalendar("Europe/Berlin");
        var spring = new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        calendar.OffsetMinutes(new Timestamp(spring)).ShouldBe(120);
        calendar.OffsetMinutes(new Timestamp(spring - 1)).ShouldBe(60);
        calendar.Local(new Timestamp(spring)).MsOfDay.ShouldBe(3 * 3_600_000);
    }

    [Fact]
    public void A_change_a_minute_after_midnight_is_met_to_the_millisecond()
    {
        var calendar = new BusinessCalendar("America/St_Johns");
        var spring = new DateTimeOffset(2010, 3, 14, 3, 31, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        calendar.OffsetMinutes(new Timestamp(spring - 1)).ShouldBe(-210);
        calendar.OffsetMinutes(new Timestamp(spring)).ShouldBe(-150);
        calendar.OffsetMinutes(new Timestamp(spring - 60_000)).ShouldBe(-210);
    }

    [Fact]
    public void Midnight_in_Shanghai_begins_a_day()
    {
        var calendar = new BusinessCalendar("Asia/Shanghai");
        var midnight = Trade.Monday.AddHours(16).ToUnixTimeMilliseconds();
        calendar.Local(new Timestamp(midnight)).ShouldBe((BusinessDay.From(new DateOnly(2026, 3, 3)), 0));
        calendar.Local(new Timestamp(midnight - 1)).ShouldBe((BusinessDay.From(new DateOnly(2026, 3, 2)), 86_399_999));
    }

    [Fact]
    public void A_zone_that_this_machine_does_not_know_counts_as_UTC()
    {
        var calendar = new BusinessCalendar("Mars/Olympus");
        calendar.IsKnown.ShouldBeFalse();
        calendar.TimeZone.ShouldBe("Mars/Olympus");
        calendar.OffsetMinutes(Trade.At(Trade.Monday)).ShouldBe(0);
        calendar.DayOf(new Timestamp(-1)).ShouldBe(new BusinessDay(-1));
    }

    [Fact]
    public void Many_threads_at_once_get_the_right_offsets()
    {
        var calendar = new BusinessCalendar("America/New_York");
        var rules = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        Parallel.For(0, 4, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 20_000; i++) ShouldAgree(calendar, rules, random.NextInt64(0, 2_840_140_800_000));
        });
    }

    private static void ShouldAgree(BusinessCalendar calendar, TimeZoneInfo rules, long at)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(at), rules);
        var (day, msOfDay) = calendar.Local(new Timestamp(at));
        if (day.ToDate() != DateOnly.FromDateTime(local.DateTime) || msOfDay != (int)local.TimeOfDay.TotalMilliseconds)
            throw new ShouldAssertException($"{rules.Id} at {at}: {day.ToDate():O} {TimeSpan.FromMilliseconds(msOfDay)}, but the zone says {local:O}");
    }
}
