using System.Globalization;
using ChainCrm.Client.Replay;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Replay;

public sealed class MinorUnitsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1.88", 188)]
    [InlineData("204", 20400)]
    [InlineData("350.4", 35040)]
    [InlineData("-11062.06", -1106206)]
    [InlineData(" 4.35 ", 435)]
    [InlineData("1.10", 110)]
    [InlineData("1e2", 10000)]
    [InlineData("0.29", 29)]
    [InlineData("16.120", 1612)]
    public void An_amount_with_no_more_decimals_than_the_currency_is_exact(string text, long minor)
    {
        MinorUnits.TryParse(text, 2, out var read, out var rounding).ShouldBeTrue();

        read.ShouldBe(minor);
        rounding.ShouldBe(0m);
    }

    [Theory]
    [InlineData("16.125", 1613, "0.005")]
    [InlineData("2042.761", 204276, "-0.001")]
    [InlineData("15.001", 1500, "-0.001")]
    [InlineData("-16.125", -1613, "-0.005")]
    [InlineData("0.0049", 0, "-0.0049")]
    public void More_decimals_are_rounded_half_away_from_zero_and_said(string text, long minor, string added)
    {
        MinorUnits.TryParse(text, 2, out var read, out var rounding).ShouldBeTrue();

        read.ShouldBe(minor);
        rounding.ShouldBe(decimal.Parse(added, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("1,234.00")]
    [InlineData("1.2.3")]
    [InlineData("NaN")]
    [InlineData("1000000000.01")]
    [InlineData("99999999999999999999999999999999")]
    public void What_is_no_amount_or_far_too_large_is_not_read(string text) =>
        MinorUnits.TryParse(text, 2, out _, out _).ShouldBeFalse();

    [Fact]
    public void A_currency_may_have_no_decimals_or_three()
    {
        MinorUnits.TryParse("150", 0, out var yen, out _).ShouldBeTrue();
        MinorUnits.TryParse("1.125", 3, out var dinar, out var rounding).ShouldBeTrue();

        (yen, dinar, rounding).ShouldBe((150L, 1125L, 0m));
    }

    [Fact]
    public void Amounts_are_written_for_people() => MinorUnits.Format(123_456_789, 2).ShouldBe("1,234,567.89");
}
