using System.Text.Json.Serialization;

namespace ChainCrm.Client.Wire;

/// <summary>
/// JSON of the wire types, generated at compile time: no reflection, and no field is written that the sender left out.
/// Field names are camelCase; reading is strict about numbers (no numbers in quotes).
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(MemberCard))]
[JsonSerializable(typeof(CustomerPage))]
[JsonSerializable(typeof(EnrolRequest))]
[JsonSerializable(typeof(EnrolReply))]
[JsonSerializable(typeof(ChangeProfileRequest))]
[JsonSerializable(typeof(ProfileReply))]
[JsonSerializable(typeof(CustomerKey))]
[JsonSerializable(typeof(PurchaseRequest))]
[JsonSerializable(typeof(PurchaseReply))]
[JsonSerializable(typeof(PurchaseBatchRequest))]
[JsonSerializable(typeof(PurchaseBatchReply))]
[JsonSerializable(typeof(ReturnRequest))]
[JsonSerializable(typeof(ReturnReply))]
[JsonSerializable(typeof(TopUpRequest))]
[JsonSerializable(typeof(StoredValueRefundRequest))]
[JsonSerializable(typeof(FreezeRequest))]
[JsonSerializable(typeof(StoredValueReply))]
[JsonSerializable(typeof(RedeemRequest))]
[JsonSerializable(typeof(AdjustRequest))]
[JsonSerializable(typeof(PointsReply))]
[JsonSerializable(typeof(StatementPage))]
[JsonSerializable(typeof(StoreRequest))]
[JsonSerializable(typeof(StoreReply))]
[JsonSerializable(typeof(StoreDetail))]
[JsonSerializable(typeof(SessionReply))]
[JsonSerializable(typeof(ProgrammeCheckRequest))]
[JsonSerializable(typeof(ProgrammeCheckReply))]
[JsonSerializable(typeof(KeyRevokedReply))]
[JsonSerializable(typeof(StoreView))]
[JsonSerializable(typeof(StoreList))]
[JsonSerializable(typeof(RehearsalRequest))]
[JsonSerializable(typeof(RehearsalView))]
[JsonSerializable(typeof(ProgrammeRequest))]
[JsonSerializable(typeof(ProgrammeView))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeyReply))]
[JsonSerializable(typeof(KeyView))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(JournalPage))]
[JsonSerializable(typeof(CustomerFiguresRequest))]
[JsonSerializable(typeof(CustomerFiguresReply))]
[JsonSerializable(typeof(StatsReply))]
[JsonSerializable(typeof(BackupRequest))]
public sealed partial class WireJson : JsonSerializerContext;
