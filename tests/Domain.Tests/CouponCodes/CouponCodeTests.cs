using ChainCrm.Domain.CouponCodes;
using Shouldly;

namespace ChainCrm.Domain.Tests.CouponCodes;

/// <summary>A printed code: whoever shows it first has it (docs/domain/coupons.md).</summary>
public class CouponCodeTests
{
    private static ClaimCode Claim(string customer) => new() { At = default, Origin = default, Customer = new CustomerId(customer) };

    [Fact]
    public void The_first_customer_has_it_and_nobody_else()
    {
        var state = new CouponCodeState();
        var claimed = CouponCodeDecider.Decide(state, Claim("a")).Events.ShouldHaveSingleItem().ShouldBeOfType<CodeClaimed>();
        CouponCodeDecider.Evolve(state, claimed);
        CouponCodeState.Import(state.Export()).Customer.ShouldBe(new CustomerId("a"));
        var again = CouponCodeDecider.Decide(state, Claim("a"));
        (again.Rejection, again.Events.Count).ShouldBe((null, 0));
        CouponCodeDecider.Decide(state, Claim("b")).Rejection!.Code.ShouldBe(CouponCodeRejections.Taken.Code);
    }

    [Fact]
    public void What_is_malformed_is_refused()
    {
        var state = new CouponCodeState();
        CouponCodeDecider.Decide(state, Claim("no customer")).Rejection!.Code.ShouldBe(CouponCodeRejections.CustomerInvalid.Code);
        CouponCodeDecider.Decide(state, Claim("a") with { Origin = new Origin(new StoreId("no store"), null, null) }).Rejection!.Code.ShouldBe(CouponCodeRejections.OriginInvalid.Code);
    }

    [Theory]
    [InlineData("""{"batch":0,"count":1}""", 407, "coupons.kinds[0].codes.batch")]
    [InlineData("""{"batch":4096,"count":1}""", 407, "coupons.kinds[0].codes.batch")]
    [InlineData("""{"batch":1,"count":16000001}""", 407, "coupons.kinds[0].codes.count")]
    [InlineData("""{"batch":1}""", 404, "coupons.kinds[0].codes.count")]
    [InlineData("""{"batch":2,"count":1}""", 426, "coupons.kinds[1].codes")]
    public void A_mistake_in_the_document_is_named(string codes, int code, string field)
    {
        var document = System.Text.Json.Nodes.JsonNode.Parse(Domain.Programmes.Programme.BuiltIn.Document)!;
        document["coupons"] = System.Text.Json.Nodes.JsonNode.Parse(
            $$"""{"kinds":[{"id":"a","nameZh":"a","nameEn":"a","give":{"kind":"free"},"codes":{{codes}} },{"id":"b","nameZh":"b","nameEn":"b","give":{"kind":"free"},"codes":{"batch":2,"count":1} }]}""");
        Domain.Programmes.Programme.Compile(document.ToJsonString(), 1).Errors.Select(error => (error.Code, error.Field)).ShouldBe([(code, (string?)field)]);
    }
}
