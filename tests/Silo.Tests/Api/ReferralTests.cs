using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains.Personal;
using ChainCrm.Silo.Api;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Referrals over HTTP: the code on the card, a friend who enrols with it, and points for both (R67, F22).</summary>
public sealed class ReferralTests(ReferralTests.Chain chain) : IClassFixture<ReferralTests.Chain>
{
    [Fact]
    public async Task A_friend_enrols_with_the_code_and_the_first_purchase_brings_points_to_both()
    {
        var ann = await chain.MemberAsync();
        var code = await CodeAsync(ann);
        code.ShouldMatch("^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$");
        code.ShouldNotContain(ann[1..5].ToUpperInvariant());
        // Read aloud and typed in another way.
        var bob = await chain.EnrolAsync("friend-1", code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        (await chain.Till.SellAsync("RF-1", ApiFixture.Sale(bob, "RF-1", 9_999))).Good().Json.TryGetProperty("referralPoints", out _).ShouldBeFalse();
        var sold = (await chain.Till2.SellAsync("RF-2", ApiFixture.Sale(bob, "RF-2", 10_000))).Good();
        (sold.Number("pointsEarned") + sold.Number("referralPoints")).ShouldBe(120 + 50);
        (await chain.Till2.SellAsync("RF-2", ApiFixture.Sale(bob, "RF-2", 10_000))).Good().Bytes.ShouldBe(sold.Bytes);

        (await BalanceAsync(ann)).ShouldBe(200);
        var line = (await LinesAsync(ann))[0];
        (line.GetProperty("kind").GetString(), line.GetProperty("points").GetInt64(), line.GetProperty("otherCustomer").GetString()).ShouldBe(("referral-received", 200, bob));
        (await LinesAsync(bob)).ShouldContain(of => of.GetProperty("kind").GetString() == "referral-rewarded" && of.GetProperty("points").GetInt64() == 50);
        var why = (await chain.Till.GetAsync($"/v1/customers/{bob}/entries/{sold.Number("version")}/why")).Good().Json;
        why.GetProperty("reasons").EnumerateArray().ShouldContain(reason => reason.GetProperty("code").GetString() == "referral.rewarded" && reason.GetProperty("zh").GetString()!.Contains("推荐人获得 200 分", StringComparison.Ordinal));
        why.GetProperty("agrees").GetBoolean().ShouldBeTrue();

        (await chain.Till2.PostAsync("/v1/returns", "RF-2-back", $$"""{"customer":{"id":"{{bob}}"},"purchaseReceipt":"RF-2","lines":[]}""")).Good();
        (await BalanceAsync(ann)).ShouldBe(0);
        (await LinesAsync(ann))[0].GetProperty("kind").GetString().ShouldBe("referral-taken-back");
        (await LinesAsync(bob)).ShouldContain(of => of.GetProperty("kind").GetString() == "referral-withdrawn" && of.GetProperty("points").GetInt64() == -50);
    }

    [Fact]
    public async Task A_code_that_is_nobodys_is_refused_and_enrols_nobody()
    {
        var code = await CodeAsync(await chain.MemberAsync());
        (await chain.TryAsync("wrong-1", code[..^1] + (code[^1] == '0' ? '1' : '0'))).Refused(422, 133).Word("field").ShouldBe("referralCode");
        (await chain.TryAsync("wrong-2", "ANNA")).Refused(422, 133);
        (await chain.TryAsync("wrong-3", "")).Refused(422, 133);
    }

    [Fact]
    public async Task An_enrolment_is_the_same_only_with_the_same_referrer()
    {
        var (one, other) = (await CodeAsync(await chain.MemberAsync()), await CodeAsync(await chain.MemberAsync()));
        var first = (await chain.TryAsync("same-1", one)).Good();
        (await chain.TryAsync("same-1", one)).Bytes.ShouldBe(first.Bytes);
        (await chain.TryAsync("same-1", other)).Refused(409, 902);
        (await chain.TryAsync("same-1", null)).Refused(409, 902);
        // The id of whoever is enrolled follows from the request, and so does the own code.
        (await chain.TryAsync("same-1", await CodeAsync(first.Word("id")!))).Refused(422, 134);
    }

    [Fact]
    public void Codes_lead_back_to_their_customers_and_to_nobody_under_another_key_or_chain()
    {
        var vault = new PlainVault();
        var customer = new CustomerId("c4y8w2k6m0q9r3t7v");
        var code = ReferralCodes.Of(vault, "main", customer)!;
        ReferralCodes.Read(vault, "main", code).ShouldBe(customer);
        ReferralCodes.Read(vault, "other", code).ShouldNotBe(customer);
        ReferralCodes.Of(vault, "main", new CustomerId("anna")).ShouldBeNull();
        ReferralCodes.Of(vault, "main", new CustomerId("c4Y8w2k6m0q9r3t7v")).ShouldBeNull();
        ReferralCodes.Read(vault, "main", "1234").ShouldBeNull();
        // Neighbours have nothing in common.
        var neighbour = ReferralCodes.Of(vault, "main", new CustomerId("c4y8w2k6m0q9r3t7w"))!;
        code.Zip(neighbour).Count(pair => pair.First == pair.Second && pair.First != '-').ShouldBeLessThan(6);
    }

    private async Task<string> CodeAsync(string customer) => (await chain.Till.GetAsync($"/v1/customers/{customer}")).Good().Word("referralCode")!;

    private async Task<long> BalanceAsync(string customer) => (await chain.Till.GetAsync($"/v1/customers/{customer}")).Good().Json.GetProperty("points").GetProperty("balance").GetInt64();

    private async Task<List<System.Text.Json.JsonElement>> LinesAsync(string customer) =>
        [.. (await chain.Till.GetAsync($"/v1/customers/{customer}/statement")).Good().Json.GetProperty("lines").EnumerateArray()];

    /// <summary>A vault of which only the key is asked.</summary>
    private sealed class PlainVault : IPersonalVault
    {
        public ulong Fingerprint(ReadOnlySpan<byte> content) => BitConverter.ToUInt64(HMACSHA256.HashData("a key"u8, content));
        public ValueTask<Sealed> SealAsync(string chain, CustomerId customer, PersonalData data, CancellationToken cancellation = default) => throw new NotSupportedException();
        public ValueTask<PersonalData?> OpenAsync(string chain, CustomerId customer, Sealed profile, CancellationToken cancellation = default) => throw new NotSupportedException();
        public IdentityRef Index(string chain, IdentityKind kind, string normalisedValue) => throw new NotSupportedException();
        public IWrappedKeys ReadWrapped() => throw new NotSupportedException();
    }

    /// <summary>A chain that rewards referrals.</summary>
    public sealed class Chain : IAsyncLifetime
    {
        private readonly ApiFixture _fixture = new();

        public ApiCaller Till => _fixture.Till;
        public ApiCaller Till2 => _fixture.Till2;

        public Task<string> MemberAsync() => _fixture.MemberAsync();

        public async Task<string> EnrolAsync(string key, string code) => (await TryAsync(key, code)).Good().Word("id")!;

        public async Task<Answer> TryAsync(string key, string? code) =>
            await Till.PostAsync("/v1/customers", key, code is null ? """{"name":"李雷"}""" : $$"""{"name":"李雷","referralCode":"{{code}}"}""");

        public async Task InitializeAsync()
        {
            await _fixture.InitializeAsync();
            var programme = JsonNode.Parse(Programme.BuiltIn.Document)!;
            programme["referral"] = JsonNode.Parse("""{"referrerPoints":200,"friendPoints":50,"leastMinor":10000}""");
            (await _fixture.Office.PutAsync("/v1/programme", "referral", $$"""{"basedOnVersion":0,"document":{{programme.ToJsonString()}} }""")).Good();
        }

        public Task DisposeAsync() => _fixture.DisposeAsync();
    }
}
