using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCrm.Client.Wire;

namespace ChainCrm.Silo.Api;

/// <summary>The JSON forms of the wire types, generated at build.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(EnrolRequest))]
[JsonSerializable(typeof(EnrolReply))]
[JsonSerializable(typeof(ChangeProfileRequest))]
[JsonSerializable(typeof(ProfileReply))]
[JsonSerializable(typeof(CustomerKey))]
[JsonSerializable(typeof(IssueCouponsRequest))]
[JsonSerializable(typeof(CouponsReply))]
[JsonSerializable(typeof(ClaimCodeRequest))]
[JsonSerializable(typeof(CodePage))]
[JsonSerializable(typeof(RevokeCouponRequest))]
[JsonSerializable(typeof(CouponRevokedReply))]
[JsonSerializable(typeof(MemberCard))]
[JsonSerializable(typeof(CustomerPage))]
[JsonSerializable(typeof(StatementPage))]
[JsonSerializable(typeof(PurchaseRequest))]
[JsonSerializable(typeof(PurchaseReply))]
[JsonSerializable(typeof(PurchaseBatchRequest))]
[JsonSerializable(typeof(PurchaseBatchReply))]
[JsonSerializable(typeof(ReturnRequest))]
[JsonSerializable(typeof(ReturnReply))]
[JsonSerializable(typeof(ReturnQuoteReply))]
[JsonSerializable(typeof(TopUpRequest))]
[JsonSerializable(typeof(StoredValueRefundRequest))]
[JsonSerializable(typeof(AddTagRequest))]
[JsonSerializable(typeof(RemoveTagRequest))]
[JsonSerializable(typeof(TagReply))]
[JsonSerializable(typeof(TransferRequest))]
[JsonSerializable(typeof(TransferReply))]
[JsonSerializable(typeof(ExtendPointsRequest))]
[JsonSerializable(typeof(PointsExtendedReply))]
[JsonSerializable(typeof(PointsFreezeReply))]
[JsonSerializable(typeof(FreezeRequest))]
[JsonSerializable(typeof(StoredValueReply))]
[JsonSerializable(typeof(RedeemRequest))]
[JsonSerializable(typeof(AdjustRequest))]
[JsonSerializable(typeof(PointsReply))]
[JsonSerializable(typeof(StoreRequest))]
[JsonSerializable(typeof(StoreReply))]
[JsonSerializable(typeof(StoreList))]
[JsonSerializable(typeof(StoreDetail))]
[JsonSerializable(typeof(ProgrammeRequest))]
[JsonSerializable(typeof(ProgrammeView))]
[JsonSerializable(typeof(ProgrammeCheckRequest))]
[JsonSerializable(typeof(ProgrammeCheckReply))]
[JsonSerializable(typeof(ProgrammeTryRequest))]
[JsonSerializable(typeof(ProgrammeTryReply))]
[JsonSerializable(typeof(ProgrammeVersionPage))]
[JsonSerializable(typeof(WhyReply))]
[JsonSerializable(typeof(ReceiptReply))]
[JsonSerializable(typeof(RehearsalRequest))]
[JsonSerializable(typeof(RehearsalView))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeyReply))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(KeyRevokedReply))]
[JsonSerializable(typeof(JournalPage))]
[JsonSerializable(typeof(CustomerFiguresRequest))]
[JsonSerializable(typeof(CustomerFiguresReply))]
[JsonSerializable(typeof(StatsReply))]
[JsonSerializable(typeof(BackupRequest))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(SessionReply))]
[JsonSerializable(typeof(QuoteRequest))]
[JsonSerializable(typeof(QuoteReply))]
[JsonSerializable(typeof(BasketRequest))]
[JsonSerializable(typeof(BasketChangeRequest))]
[JsonSerializable(typeof(BasketReply))]
internal sealed partial class Wire : JsonSerializerContext
{
    /// <summary>The one instance: strict on the way in, readable on the way out.</summary>
    public static Wire Json { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        MaxDepth = ApiLimits.JsonDepthMax,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Chinese stays readable; replies are never put into a page as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new OffsetTimeConverter() },
    });
}
