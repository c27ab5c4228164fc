using ChainCrm.Client.Wire;
using ChainCrm.Domain.AccessKeys;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>The addresses of baskets.</summary>
internal static class BasketOperations
{
    private static readonly AccessRole[] Counter = [AccessRole.Till, AccessRole.Office];

    /// <summary>All of them, in the order of the reference.</summary>
    public static IEnumerable<ApiOperation> All() =>
    [
        new()
        {
            Id = "quote", Method = "POST", Path = "/v1/baskets/quote", Tag = ApiTag.Counter, Roles = Counter, Handler = QuoteEndpoint.QuoteAsync,
            DomainRefusals = (104, 144), Summary = "What a purchase would come to, and what could be used at most.", SummaryZh = "询价：试算一笔消费的积分、抵扣、等级与应付金额，不入账。",
            Description = "Decided by the same rules on the same customer as a purchase, and refused as it would be. Changes nothing. With asOf for another time.",
            Request = typeof(QuoteRequest), Reply = typeof(QuoteReply), Refusals = [161, 163, 164, 165, 171, 173, 174, 175, 180, 181, 182, 183, 184, 185, 186, 187, 188, 199, 211, 213, 1019, 1035, 1040, 1062],
            RequestExample = """{"customer":{"phone":"13800138000"},"store":"S001","lines":[{"line":1,"product":"P-17","quantity":1,"priceMinor":25800}],"usePoints":300}""",
        },
        new()
        {
            Id = "openBasket", Method = "POST", Path = "/v1/baskets", Tag = ApiTag.Counter, Roles = Counter, Handler = BasketEndpoints.OpenAsync,
            DomainRefusals = (130, 141), Summary = "Holds points, stored value and coupons for a customer: nobody else spends them until the basket is paid, cancelled, or its time is over.",
            SummaryZh = "开购物篮：在时限内预占积分、储值与优惠券，其他交易不能使用。", IsWrite = true, Status = StatusCodes.Status201Created,
            Description = "A purchase that names the basket pays it. The time is that of the programme (baskets.leaseMinutes).",
            Request = typeof(BasketRequest), Reply = typeof(BasketReply), Refusals = [120, 144, 161, 163, 164, 170, 172, 173, 174, 175, 180, 181, 182, 183, 211, 1019, 1035, 1040],
            RequestExample = """{"customer":{"card":"8800 1234"},"points":300,"storedValueMinor":5000}""",
            ReplyExample = """{"id":"c4y8w2k6m0q9r3t7v.12","customer":"c4y8w2k6m0q9r3t7v","points":300,"storedValueMinor":5000,"endsAt":"2026-03-01T02:10:00Z","version":12}""",
        },
        new()
        {
            Id = "showBasket", Method = "GET", Path = "/v1/baskets/{id}", Tag = ApiTag.Counter, Roles = Counter, Handler = BasketEndpoints.ShowAsync,
            Summary = "Shows an open basket.", SummaryZh = "查看未结购物篮。", Reply = typeof(BasketReply), Refusals = [1061],
        },
        new()
        {
            Id = "changeBasket", Method = "PATCH", Path = "/v1/baskets/{id}", Tag = ApiTag.Counter, Roles = Counter, Handler = BasketEndpoints.ChangeAsync,
            DomainRefusals = (130, 141), Summary = "Holds something else from now on; the time begins anew.", SummaryZh = "变更预占内容并重新计时。", IsWrite = true,
            Description = "The same hold again only prolongs it.", Request = typeof(BasketChangeRequest), Reply = typeof(BasketReply),
            Refusals = [120, 144, 161, 163, 164, 170, 171, 173, 174, 175, 180, 181, 182, 183, 211, 1035], RequestExample = """{"points":200,"storedValueMinor":0}""",
        },
        new()
        {
            Id = "cancelBasket", Method = "DELETE", Path = "/v1/baskets/{id}", Tag = ApiTag.Counter, Roles = Counter, Handler = BasketEndpoints.CancelAsync,
            Summary = "Gives up what a basket holds.", SummaryZh = "取消购物篮，释放预占。", IsWrite = true, Reply = typeof(BasketReply), Refusals = [130, 171],
        },
    ];
}
