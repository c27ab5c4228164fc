using ChainCrm.Silo.Access;
using ChainCrm.Silo.Api;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Texts on their way in.</summary>
public sealed class InputTests
{
    [Theory]
    [InlineData("13800138000", "+8613800138000")]
    [InlineData(" 138 0013 8000 ", "+8613800138000")]
    [InlineData("138-0013-8000", "+8613800138000")]
    [InlineData("+86 138 0013 8000", "+8613800138000")]
    [InlineData("+86 (0)138 0013 8000", "+8613800138000")]
    [InlineData("0086-138-0013-8000", "+8613800138000")]
    [InlineData("86 13800138000", "+8613800138000")]
    [InlineData("１３８００１３８０００", "+8613800138000")]
    [InlineData("＋86 138 0013 8000", "+8613800138000")]
    [InlineData("010-12345678", "+861012345678")]
    [InlineData("(021) 5555 6666", "+862155556666")]
    [InlineData("+1 (415) 555-2671", "+14155552671")]
    [InlineData("0044 20 7946 0018", "+442079460018")]
    [InlineData("", null)]
    [InlineData("abc", null)]
    [InlineData("138001380001", null)]
    [InlineData("1380013", null)]
    [InlineData("+0 138 0013 8000", null)]
    [InlineData("+123456789012345678", null)]
    [InlineData("13800138000;ext=5", null)]
    [InlineData("138+00138000", null)]
    public void A_phone_number_has_one_form(string typed, string? kept) => new PhoneNumbers("86").Normalise(typed).ShouldBe(kept);

    [Fact]
    public void Another_country_has_its_own_code() => new PhoneNumbers("49").Normalise("030 1234567").ShouldBe("+49301234567");

    [Theory]
    [InlineData("ck_k1_secret", true)]
    [InlineData("ck_k1_se_cr-et", true)]
    [InlineData("ck_k1_", false)]
    [InlineData("ck__x", false)]
    [InlineData("ck_k1", false)]
    [InlineData("CK_k1_x", false)]
    [InlineData("ck_k1_x y", false)]
    public void An_access_key_has_an_id_and_a_secret(string text, bool isOne) => AccessKeyText.TryParse(text, out _, out _).ShouldBe(isOne);

    [Fact]
    public void A_secret_may_hold_underscores()
    {
        AccessKeyText.TryParse("ck_k1_a_b", out var id, out var secret).ShouldBeTrue();
        (id, secret).ShouldBe(("k1", "a_b"));
    }

    [Fact]
    public void Ids_derive_from_chain_and_command_and_are_short_and_clean()
    {
        var id = IdText.CustomerId("main", "S1/enrol-1");
        id.ShouldBe(IdText.CustomerId("main", "S1/enrol-1"));
        id.ShouldMatch("^c[0-9a-hjkmnp-tv-z]{16}$");
        new[] { id, IdText.CustomerId("other", "S1/enrol-1"), IdText.CustomerId("main", "S1/enrol-2"), IdText.KeyId("main", "S1/enrol-1") }.ShouldBeUnique();
    }
}
