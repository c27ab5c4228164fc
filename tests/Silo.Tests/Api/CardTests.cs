using System.Globalization;
using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Silo.Api;
using ChainCrm.Silo.Problems;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Card numbers on their way to the index.</summary>
public sealed class CardTests
{
    private static readonly PhoneNumbers Phones = new("86");

    [Theory]
    [InlineData("8800123456", "8800123456")]
    [InlineData(" 8800 1234-56 ", "8800123456")]
    [InlineData("vip-ab12", "VIPAB12")]
    [InlineData("ß１ıé", "ß１ıÉ")]
    [InlineData("", null)]
    [InlineData(" - ", null)]
    [InlineData("88\u0000", null)]
    public void A_card_number_has_one_form(string typed, string? kept) => Normalised(typed).Value.ShouldBe(kept);

    [Fact]
    public void Any_text_comes_to_the_form_that_the_steps_one_by_one_give_it()
    {
        var random = new Random(11);
        const string Signs = "0123456789ABCXYZabcxyz -\t@[`{/:é安\u0131\u0130\u007f\u2028";
        for (var i = 0; i < 100_000; i++)
        {
            // Most texts are of digits and capitals but for a few signs, so that either way is taken often; lengths go beyond the longest.
            var text = new char[random.Next(4) == 0 ? random.Next(55, 75) : random.Next(20)];
            var strange = random.Next(3);
            for (var c = 0; c < text.Length; c++) text[c] = Signs[random.Next(strange == 0 || random.Next(10) < strange ? Signs.Length : 16)];
            var typed = new string(text);
            var (value, rejection) = Normalised(typed);
            var (stepsValue, stepsRejection) = StepByStep(typed);
            if (value != stepsValue || rejection != stepsRejection)
                throw new ShouldAssertException($"'{typed}' came to '{value}' ({rejection?.Code}), but should to '{stepsValue}' ({stepsRejection?.Code})");
        }
    }

    [Fact]
    public void A_card_that_is_as_a_reader_reads_it_stays_the_same_text_and_nothing_is_allocated()
    {
        var longest = new string('8', Limits.IdLengthMax);
        Normalised(longest).Value.ShouldBeSameAs(longest);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Normalised("VIP8800123456");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        Normalised(longest + "8").Rejection.ShouldBe(ApiRejections.TextTooLong.At("card"));
    }

    private static Outcome<string> Normalised(string typed) => CustomerKeys.Normalise(Phones, IdentityKind.Card, typed, "card");

    private static Outcome<string> StepByStep(string typed)
    {
        var text = typed.Trim();
        if (InputRules.Text(text, "card", Limits.IdLengthMax) is { } wrong) return wrong;
        var card = text.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpper(CultureInfo.InvariantCulture);
        return card.Length > 0 ? card : ApiRejections.TextInvalid.At("card");
    }
}
