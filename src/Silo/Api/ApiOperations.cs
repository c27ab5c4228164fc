using ChainCrm.Client.Wire;
using ChainCrm.Domain.AccessKeys;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Every address of the API.</summary>
internal static class ApiOperations
{
    private static readonly AccessRole[] Counter = [AccessRole.Till, AccessRole.Office];
    private static readonly AccessRole[] Office = [AccessRole.Office];
    private static readonly AccessRole[] Lookers = [AccessRole.Till, AccessRole.Office, AccessRole.Viewer];
    private static readonly AccessRole[] Everybody = [];

    private static readonly ApiParameter Limit = new("limit", "integer", "How many at most.");

    /// <summary>All of them, in the order of the reference.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } = [.. Customers(), .. AtTheCounter(), .. BasketOperations.All(), .. Stores(), .. Rules(), .. Keys(), .. Auditing(), .. Signing(), .. Bench()];

    private static IEnumerable<ApiOperation> Customers() =>
    [
        new()
        {
            Id = "enrol", Method = "POST", Path = "/v1/customers", Tag = ApiTag.Customers, Roles = Counter, Handler = CustomerEndpoints.EnrolAsync,
            DomainRefusals = (100, 134), Summary = "Enrols a member.", SummaryZh = "新会员入会。", IsWrite = true, Status = StatusCodes.Status201Created,
            Description = "Phone, card and external id are unique in the chain: of two who enrol the same one at the same instant, one gets 303.",
            Request = typeof(EnrolRequest), Reply = typeof(EnrolReply), Refusals = [303, 304, 1020, 1021, 1035, 211],
            RequestExample = """{"store":"S001","name":"王小明","phone":"138 0013 8000","birthday":"1990-05-17"}""",
            ReplyExample = """{"id":"c4y8w2k6m0q9r3t7v","tier":"basic","homeStore":"S001","version":1}""",
        },
        new()
        {
            Id = "identify", Method = "POST", Path = "/v1/identify", Tag = ApiTag.Customers, Roles = Counter, Handler = CustomerEndpoints.IdentifyAsync,
            Summary = "Finds a member by phone, card, external id or id, and shows the whole member card.", SummaryZh = "按手机号、卡号、外部编号或会员编号识别会员，返回完整会员卡。",
            Description = "A POST, so that no telephone number stands in an address or a log. Changes nothing.",
            Request = typeof(CustomerKey), Reply = typeof(MemberCard), Refusals = [1019, 1020, 1040], RequestExample = """{"phone":"+86 138 0013 8000"}""",
        },
        new()
        {
            Id = "listCustomers", Method = "GET", Path = "/v1/customers", Tag = ApiTag.Customers, Roles = Office, Handler = CustomerEndpoints.ListAsync,
            Summary = "Lists members in the order of their ids.", SummaryZh = "按编号顺序列出会员。", Reply = typeof(CustomerPage), Refusals = [1015],
            Query = [new("after", "string", "Id of the last member of the page before."), Limit with { Description = "1 to 200; 50 when left out." }],
        },
        new()
        {
            Id = "showCustomer", Method = "GET", Path = "/v1/customers/{id}", Tag = ApiTag.Customers, Roles = Counter, Handler = CustomerEndpoints.ShowAsync,
            Summary = "Shows a member card.", SummaryZh = "查看会员卡。", Reply = typeof(MemberCard), Refusals = [1040],
        },
        new()
        {
            Id = "changeProfile", Method = "PATCH", Path = "/v1/customers/{id}", Tag = ApiTag.Customers, Roles = Counter, Handler = CustomerEndpoints.ChangeAsync,
            DomainRefusals = (100, 131), Summary = "Changes a profile: fields left out stay, an empty text clears.", SummaryZh = "修改会员资料：未给出的字段保持不变，空文本表示清除。", IsWrite = true,
            Request = typeof(ChangeProfileRequest), Reply = typeof(ProfileReply), Refusals = [303, 304, 1020, 1021, 1022, 1040],
            RequestExample = """{"phone":"+86 139 0013 9000"}""",
        },
        new()
        {
            Id = "statement", Method = "GET", Path = "/v1/customers/{id}/statement", Tag = ApiTag.Customers, Roles = Counter, Handler = StatementEndpoint.ShowAsync,
            Summary = "Everything that happened to a member, newest first.", SummaryZh = "会员流水，最新在前。", Reply = typeof(StatementPage), Refusals = [1015, 1040],
            Description = "The next page begins before nextBefore. An entry with several events gives several lines with the same version.",
            Query = [new("before", "integer", "Only entries with a smaller version."), Limit with { Description = "Entries, 1 to 200; 50 when left out." }],
        },
        new()
        {
            Id = "why", Method = "GET", Path = "/v1/customers/{id}/entries/{version}/why", Tag = ApiTag.Customers, Roles = Counter, Handler = WhyEndpoint.ShowAsync,
            Summary = "Why an entry of a statement is as it is: rules, version and facts, as data and as sentences.", SummaryZh = "解释一条流水：规则、版本与依据。",
            Description = "A purchase is worked out again from its entry; agrees says that the points are those that were booked.", Reply = typeof(WhyReply), Refusals = [1015, 1040, 1043],
        },
        new()
        {
            Id = "receipt", Method = "GET", Path = "/v1/customers/{id}/entries/{version}/receipt", Tag = ApiTag.Customers, Roles = Counter, Handler = ReceiptEndpoint.ShowAsync,
            Summary = "The lines of a sale, and what came back of each.", SummaryZh = "一张小票的商品行与已退数量。",
            Description = "What a counter chooses from when goods come back. An entry that is no sale is 1043.", Reply = typeof(ReceiptReply), Refusals = [1015, 1040, 1043],
        },
    ];

    private static IEnumerable<ApiOperation> AtTheCounter() =>
    [
        new()
        {
            Id = "recordPurchase", Method = "POST", Path = "/v1/purchases", Tag = ApiTag.Counter, Roles = Counter, Handler = PurchaseEndpoints.RecordAsync,
            DomainRefusals = (100, 144), Summary = "Records a sale: identifies, earns, spends, re-tiers, answers.", SummaryZh = "记录一笔销售：识别、积分、抵扣、升级，一次完成。", IsWrite = true,
            Description = "The header Idempotency-Key is the receipt number. Without a customer it is a sale to nobody known. The answer comes after the record is durable.",
            Request = typeof(PurchaseRequest), Reply = typeof(PurchaseReply), Refusals = [1018, 1019, 1035, 1040, 1044, 1055, 1056, 1060, 161, 163, 164, 165, 171, 173, 174, 175, 180, 181, 182, 183, 184, 185, 186, 187, 188, 199, 206, 207, 210, 211, 213],
            RequestExample = """{"customer":{"phone":"13800138000"},"store":"S001","receipt":"R-1001","lines":[{"line":1,"product":"P-17","category":"skin care","quantity":1,"priceMinor":25800,"discountMinor":800}]}""",
            ReplyExample = """{"customer":"c4y8w2k6m0q9r3t7v","store":"S001","receipt":"R-1001","amountMinor":25000,"pointsUsed":0,"pointsValueMinor":0,"chargeMinor":25000,"pointsEarned":250,"pointsBonus":0,"balance":250,"tier":"basic","crossStore":false,"version":2}""",
        },
        new()
        {
            Id = "recordPurchases", Method = "POST", Path = "/v1/purchases/batch", Tag = ApiTag.Counter, Roles = Counter, Handler = PurchaseEndpoints.BatchAsync,
            DomainRefusals = (100, 144), Summary = "Records up to 1,000 sales; each is decided by itself.", SummaryZh = "批量记录最多 1,000 笔销售，逐笔判定。", IsWrite = true,
            Description = "Each sale counts once by its own store and receipt. Results stand in the order of the request; sales of one customer are decided in that order.",
            Request = typeof(PurchaseBatchRequest), Reply = typeof(PurchaseBatchReply), Refusals = [1014],
        },
        new()
        {
            Id = "returnLines", Method = "POST", Path = "/v1/returns", Tag = ApiTag.Counter, Roles = Counter, Handler = ReturnEndpoints.ReturnAsync,
            DomainRefusals = (100, 157), Summary = "Takes lines of a sale back, all or part, also in another store.", SummaryZh = "退货：可部分退、分次退、跨店退。", IsWrite = true,
            Request = typeof(ReturnRequest), Reply = typeof(ReturnReply), Refusals = [1035, 1040, 211, 1045],
            RequestExample = """{"customer":{"card":"6200001"},"store":"S001","purchaseReceipt":"R-1001","lines":[{"line":1,"quantity":1}],"reason":"wrong colour"}""",
        },
        new()
        {
            Id = "quoteReturn", Method = "POST", Path = "/v1/returns/quote", Tag = ApiTag.Counter, Roles = Counter, Handler = ReturnEndpoints.QuoteAsync,
            DomainRefusals = (100, 157), Summary = "What a return would pay back, and what it would do to points, coupons and tier.", SummaryZh = "退货试算：应退金额及积分、优惠券、等级的变化，不入账。",
            Description = "Decided by the same rules on the same customer as a return, and refused as it would be. Changes nothing.",
            Request = typeof(ReturnRequest), Reply = typeof(ReturnQuoteReply), Refusals = [1035, 1040, 211, 1045],
            RequestExample = """{"customer":{"card":"6200001"},"store":"S001","purchaseReceipt":"R-1001","lines":[{"line":1,"quantity":1}]}""",
        },
        new()
        {
            Id = "redeemPoints", Method = "POST", Path = "/v1/redemptions", Tag = ApiTag.Counter, Roles = Counter, Handler = CounterEndpoints.RedeemAsync,
            DomainRefusals = (120, 144), Summary = "Spends points on a gift.", SummaryZh = "积分兑换礼品。", IsWrite = true, Request = typeof(RedeemRequest), Reply = typeof(PointsReply), Refusals = [173, 1035, 1040],
            RequestExample = """{"customer":{"id":"c4y8w2k6m0q9r3t7v"},"store":"S001","points":100,"reason":"mug"}""",
        },
        new()
        {
            Id = "adjustPoints", Method = "POST", Path = "/v1/adjustments", Tag = ApiTag.Counter, Roles = Counter, Handler = CounterEndpoints.AdjustAsync,
            DomainRefusals = (120, 143), Summary = "Gives or takes points by hand, with a reason.", SummaryZh = "人工调整积分，须填原因。", IsWrite = true, Request = typeof(AdjustRequest), Reply = typeof(PointsReply),
            Refusals = [173, 1035, 1040], RequestExample = """{"customer":{"id":"c4y8w2k6m0q9r3t7v"},"points":-50,"reason":"booked twice"}""",
        },
        new()
        {
            Id = "transferPoints", Method = "POST", Path = "/v1/points/transfers", Tag = ApiTag.Counter, Roles = Counter, Handler = TransferEndpoint.SendAsync,
            DomainRefusals = (120, 149), Summary = "A customer gives points to another, with a reason.", SummaryZh = "积分转赠给另一位客户，须填原因。", IsWrite = true,
            Description = "Soonest end first; the points keep their ends and count for no tier. The programme says whether, how many at least, and how many a day and a year.",
            Request = typeof(TransferRequest), Reply = typeof(TransferReply), Refusals = [173, 1035, 1040],
            RequestExample = """{"from":{"phone":"13800138000"},"to":{"card":"6200001"},"store":"S001","points":100,"reason":"生日快乐"}""",
        },
        new()
        {
            Id = "extendPoints", Method = "POST", Path = "/v1/customers/{id}/points/extensions", Tag = ApiTag.Counter, Roles = Office, Handler = PointEndpoints.ExtendAsync,
            DomainRefusals = (121, 124), Summary = "Lets open points end later, all or those that end before a day, with a reason.", SummaryZh = "延长积分有效期：全部，或某日之前到期的积分，须填原因。", IsWrite = true,
            Description = "Points are good to the end of lastDay. Points that end later than that, or never, stay as they are.", Request = typeof(ExtendPointsRequest), Reply = typeof(PointsExtendedReply),
            Refusals = [130, 145, 1035, 1040], RequestExample = """{"lastDay":"2027-06-30","endingBefore":"2027-01-01","reason":"门店停业补偿"}""",
        },
        new()
        {
            Id = "addTag", Method = "POST", Path = "/v1/customers/{id}/tags", Tag = ApiTag.Customers, Roles = Office, Handler = TagEndpoints.AddAsync,
            DomainRefusals = (195, 198), Summary = "Puts a tag of the dictionary on a customer, or moves its end.", SummaryZh = "给会员打标签，或修改标签的有效期。", IsWrite = true,
            Description = "The tag counts to the end of lastDay, or for good. What purchases earn may depend on it: for headquarters alone.", Request = typeof(AddTagRequest), Reply = typeof(TagReply),
            Refusals = [130, 1040], RequestExample = """{"tag":"vip","lastDay":"2027-06-30","staff":"anna"}""",
        },
        new()
        {
            Id = "removeTag", Method = "POST", Path = "/v1/customers/{id}/tags/removals", Tag = ApiTag.Customers, Roles = Office, Handler = TagEndpoints.RemoveAsync,
            Summary = "Takes a tag off a customer.", SummaryZh = "移除会员的标签。", IsWrite = true, Request = typeof(RemoveTagRequest), Reply = typeof(TagReply),
            Refusals = [130, 195, 197, 1040], RequestExample = """{"tag":"vip","staff":"anna"}""",
        },
        new()
        {
            Id = "freezePoints", Method = "POST", Path = "/v1/points/freezes", Tag = ApiTag.Counter, Roles = Counter, Handler = PointEndpoints.FreezeAsync,
            DomainRefusals = (121, 130), Summary = "Freezes a customer's points, or releases them.", SummaryZh = "冻结或解冻积分。", IsWrite = true,
            Description = "While frozen none is spent or held by a basket; they are earned, come back with returns and end as ever.", Request = typeof(FreezeRequest), Reply = typeof(PointsFreezeReply),
            Refusals = [1019, 1035, 1040, 211], RequestExample = """{"customer":{"card":"8800 1234"},"frozen":true,"reason":"账号疑似被盗"}""",
        },
        new()
        {
            Id = "issueCoupons", Method = "POST", Path = "/v1/coupons", Tag = ApiTag.Counter, Roles = Counter, Handler = CouponEndpoints.IssueAsync,
            DomainRefusals = (190, 194), Summary = "Gives a customer coupons of one kind, with a reason.", SummaryZh = "手工发券，须填原因。", IsWrite = true,
            Request = typeof(IssueCouponsRequest), Reply = typeof(CouponsReply), Refusals = [1019, 1035, 1040, 121, 130, 211],
            RequestExample = """{"customer":{"card":"8800 1234"},"kind":"skin-care-20","count":1,"reason":"客诉补偿"}""",
        },
        new()
        {
            Id = "revokeCoupon", Method = "POST", Path = "/v1/coupons/revocations", Tag = ApiTag.Counter, Roles = Counter, Handler = CouponEndpoints.RevokeAsync,
            Summary = "Takes one coupon away, with a reason.", SummaryZh = "作废一张优惠券，须填原因。", IsWrite = true,
            Request = typeof(RevokeCouponRequest), Reply = typeof(CouponRevokedReply), Refusals = [1019, 1035, 1040, 121, 130, 181, 211],
            RequestExample = """{"customer":{"card":"8800 1234"},"coupon":3,"reason":"发错券"}""",
        },
        new()
        {
            Id = "claimCouponCode", Method = "POST", Path = "/v1/coupons/codes/claims", Tag = ApiTag.Counter, Roles = Counter, Handler = CouponCodeEndpoints.ClaimAsync,
            Summary = "A customer shows a printed code and gets its coupon; whoever shows it first has it.", SummaryZh = "兑换券码：先到先得，一码一用。", IsWrite = true,
            Request = typeof(ClaimCodeRequest), Reply = typeof(CouponsReply), Refusals = [130, 190, 192, 193, 194, 602, 211, 1019, 1035, 1040, 1063],
            RequestExample = """{"customer":{"card":"8800 1234"},"code":"00G0-0000-4K7Q-9D3M"}""",
        },
        new()
        {
            Id = "couponCodes", Method = "GET", Path = "/v1/coupons/codes", Tag = ApiTag.Counter, Roles = [AccessRole.Office], Handler = CouponCodeEndpoints.ListAsync,
            Summary = "Codes of a batch, to be printed; the same every time.", SummaryZh = "导出一批券码，用于印制。", Reply = typeof(CodePage), Refusals = [190, 1015],
            Query = [new("batch", "integer", "The batch of the kind."), new("from", "integer", "The first number; 0 when left out."), new("limit", "integer", "Codes, 1 to 10,000; 10,000 when left out.")],
        },
        new()
        {
            Id = "topUp", Method = "POST", Path = "/v1/stored-value/top-ups", Tag = ApiTag.Counter, Roles = Counter, Handler = StoredValueEndpoints.TopUpAsync,
            DomainRefusals = (130, 163), Summary = "A member pays money in; the programme may add a gift.", SummaryZh = "会员储值充值，按规则赠送。", IsWrite = true,
            Request = typeof(TopUpRequest), Reply = typeof(StoredValueReply), Refusals = [1019, 1035, 1040, 211], RequestExample = """{"customer":{"card":"8800 1234"},"amountMinor":50000}""",
        },
        new()
        {
            Id = "refundStoredValue", Method = "POST", Path = "/v1/stored-value/refunds", Tag = ApiTag.Counter, Roles = Counter, Handler = StoredValueEndpoints.RefundAsync,
            DomainRefusals = (121, 167), Summary = "Pays principal out; gift is withdrawn in proportion.", SummaryZh = "储值退款：退本金，按比例收回赠金。", IsWrite = true,
            Request = typeof(StoredValueRefundRequest), Reply = typeof(StoredValueReply), Refusals = [174, 1019, 1035, 1040, 211],
            RequestExample = """{"customer":{"card":"8800 1234"},"amountMinor":20000,"reason":"顾客搬离本市"}""",
        },
        new()
        {
            Id = "freezeStoredValue", Method = "POST", Path = "/v1/stored-value/freezes", Tag = ApiTag.Counter, Roles = Counter, Handler = StoredValueEndpoints.FreezeAsync,
            DomainRefusals = (121, 130), Summary = "Freezes stored value, or releases it.", SummaryZh = "冻结或解冻储值账户。", IsWrite = true,
            Request = typeof(FreezeRequest), Reply = typeof(StoredValueReply), Refusals = [1019, 1035, 1040, 211], RequestExample = """{"customer":{"card":"8800 1234"},"frozen":true,"reason":"卡片遗失"}""",
        },
    ];

    private static IEnumerable<ApiOperation> Stores() =>
    [
        new()
        {
            Id = "listStores", Method = "GET", Path = "/v1/stores", Tag = ApiTag.Stores, Roles = Lookers, Handler = StoreEndpoints.ListAsync,
            Summary = "Lists stores with their totals.", SummaryZh = "门店列表及累计数据。", Reply = typeof(StoreList),
        },
        new()
        {
            Id = "showStore", Method = "GET", Path = "/v1/stores/{id}", Tag = ApiTag.Stores, Roles = Lookers, Handler = StoreEndpoints.ShowAsync,
            Summary = "Shows a store with its days, newest first.", SummaryZh = "门店详情与每日数据，最新在前。", Reply = typeof(StoreDetail), Refusals = [1015, 211],
            Query =
            [
                new("from", "string", "First business day, yyyy-MM-dd; 30 days before the last when left out. At most 400 days."),
                new("to", "string", "Last business day, yyyy-MM-dd; today when left out."),
            ],
        },
        new()
        {
            Id = "openStore", Method = "POST", Path = "/v1/stores", Tag = ApiTag.Stores, Roles = Office, Handler = StoreEndpoints.OpenAsync,
            DomainRefusals = (200, 213), Summary = "Opens a store.", SummaryZh = "开店。", IsWrite = true, Status = StatusCodes.Status201Created, Request = typeof(StoreRequest), Reply = typeof(StoreReply),
            Refusals = [212, 1046], RequestExample = """{"id":"S001","name":"人民广场店","region":"华东","city":"上海"}""",
        },
        new()
        {
            Id = "changeStore", Method = "PATCH", Path = "/v1/stores/{id}", Tag = ApiTag.Stores, Roles = Office, Handler = StoreEndpoints.ChangeAsync,
            DomainRefusals = (200, 213), Summary = "Changes a store, closes it or opens it again.", SummaryZh = "修改门店、停业或恢复营业。", IsWrite = true, Request = typeof(StoreRequest), Reply = typeof(StoreReply),
            Refusals = [1022, 211], RequestExample = """{"status":"closed"}""",
        },
    ];

    private static IEnumerable<ApiOperation> Rules() =>
    [
        new()
        {
            Id = "showProgramme", Method = "GET", Path = "/v1/programme", Tag = ApiTag.Programme, Roles = Counter, Handler = ProgrammeEndpoints.ShowAsync,
            Summary = "Shows the rules that run.", SummaryZh = "查看当前规则。", Reply = typeof(ProgrammeView),
        },
        new()
        {
            Id = "checkProgramme", Method = "POST", Path = "/v1/programme/validate", Tag = ApiTag.Programme, Roles = Office, Handler = ProgrammeEndpoints.CheckAsync,
            DomainRefusals = (400, 441), Summary = "Checks a document field by field; publishes nothing.", SummaryZh = "逐项校验规则文档，不发布。", Request = typeof(ProgrammeCheckRequest), Reply = typeof(ProgrammeCheckReply),
        },
        new()
        {
            Id = "tryProgramme", Method = "POST", Path = "/v1/programme/try", Tag = ApiTag.Programme, Roles = Office, Handler = ProgrammeTryEndpoint.TryAsync,
            DomainRefusals = (100, 119), Summary = "What an example basket earns under the running rules and under a draft.", SummaryZh = "用示例购物篮试算当前规则与草稿。",
            Description = "Changes nothing. Caps count as untouched. Coupons of the kinds that are named are put to the basket as if just issued. Mistakes of the draft are in errors, those of the basket refuse the request.",
            Request = typeof(ProgrammeTryRequest), Reply = typeof(ProgrammeTryReply), Refusals = [180, 211, 1020],
            RequestExample = """{"basket":{"store":"S001","tier":"gold","lines":[{"line":1,"product":"SKU-1","category":"护肤","quantity":1,"priceMinor":12800}]},"coupons":["full-100-off-10"]}""",
        },
        new()
        {
            Id = "beginRehearsal", Method = "POST", Path = "/v1/programme/rehearsals", Tag = ApiTag.Programme, Roles = Office, Handler = RehearsalEndpoints.BeginAsync,
            DomainRefusals = (400, 441), Summary = "Begins a rehearsal of a draft on the chain's own last days.", SummaryZh = "用本连锁最近的真实流水试算草稿。",
            Description = "Nothing is booked. Every command of the window is decided again under the draft, customer by customer; without a draft, under the version that booked it, which must give the same points. One at a time.",
            Request = typeof(RehearsalRequest), Reply = typeof(RehearsalView), Refusals = [1048, 1053], RequestExample = """{"days":90}""",
        },
        new()
        {
            Id = "showRehearsal", Method = "GET", Path = "/v1/programme/rehearsals/{id}", Tag = ApiTag.Programme, Roles = Office, Handler = RehearsalEndpoints.ShowAsync,
            Summary = "A rehearsal as it stands: progress, and points by store, rule and tier so far.", SummaryZh = "查看试算进度与结果。", Reply = typeof(RehearsalView), Refusals = [1054],
        },
        new()
        {
            Id = "cancelRehearsal", Method = "DELETE", Path = "/v1/programme/rehearsals/{id}", Tag = ApiTag.Programme, Roles = Office, Handler = RehearsalEndpoints.CancelAsync,
            Summary = "Ends a rehearsal that runs; what it found so far stays.", SummaryZh = "取消正在进行的试算。", Reply = typeof(RehearsalView), Refusals = [1054],
        },
        new()
        {
            Id = "listProgrammeVersions", Method = "GET", Path = "/v1/programme/versions", Tag = ApiTag.Programme, Roles = Office, Handler = ProgrammeEndpoints.VersionsAsync,
            Summary = "Lists the versions of the rules, newest first.", SummaryZh = "规则版本列表，最新在前。", Reply = typeof(ProgrammeVersionPage), Refusals = [1015],
            Query = [new("before", "integer", "Version of the last line of the page before."), Limit with { Description = "1 to 100; 20 when left out." }],
        },
        new()
        {
            Id = "showProgrammeVersion", Method = "GET", Path = "/v1/programme/versions/{version}", Tag = ApiTag.Programme, Roles = Office, Handler = ProgrammeEndpoints.VersionAsync,
            Summary = "Shows a version of the rules.", SummaryZh = "查看某个规则版本。", Reply = typeof(ProgrammeView), Refusals = [1015, 1049],
        },
        new()
        {
            Id = "publishProgramme", Method = "PUT", Path = "/v1/programme", Tag = ApiTag.Programme, Roles = Office, Handler = ProgrammeEndpoints.PublishAsync,
            DomainRefusals = (400, 441), Summary = "Publishes rules; they hold for every decision from now on.", SummaryZh = "发布规则，立即生效。", IsWrite = true, Request = typeof(ProgrammeRequest), Reply = typeof(ProgrammeView),
            Description = "Refused with the list of errors when the document is wrong, and with 421 when another version was published since basedOnVersion.", Refusals = [421, 1047, 1048],
        },
    ];

    private static IEnumerable<ApiOperation> Keys() =>
    [
        new()
        {
            Id = "listKeys", Method = "GET", Path = "/v1/keys", Tag = ApiTag.Keys, Roles = Office, Handler = KeyEndpoints.ListAsync,
            Summary = "Lists access keys, without secrets.", SummaryZh = "访问密钥列表(不含密文)。", Reply = typeof(KeyList),
        },
        new()
        {
            Id = "issueKey", Method = "POST", Path = "/v1/keys", Tag = ApiTag.Keys, Roles = Office, Handler = KeyEndpoints.IssueAsync,
            DomainRefusals = (500, 510), Summary = "Issues an access key. Its secret is shown in this answer and in that to a repeat with the same idempotency key, nowhere else.", SummaryZh = "签发访问密钥。密文仅在此次及同一幂等编号的重复请求中返回。", IsWrite = true, Status = StatusCodes.Status201Created,
            Request = typeof(KeyRequest), Reply = typeof(KeyReply), Refusals = [1037, 1038, 211], RequestExample = """{"role":"till","store":"S001","till":"T1","label":"front till"}""",
            ReplyExample = """{"id":"k4y8w2k6m0q9r3t7v","key":"ck_k4y8w2k6m0q9r3t7v_...","role":"till","store":"S001","till":"T1"}""",
        },
        new()
        {
            Id = "revokeKey", Method = "DELETE", Path = "/v1/keys/{id}", Tag = ApiTag.Keys, Roles = Office, Handler = KeyEndpoints.RevokeAsync,
            DomainRefusals = (508, 510), Summary = "Ends an access key and its sessions at once.", SummaryZh = "立即吊销密钥及其登录会话。", IsWrite = true, Reply = typeof(KeyRevokedReply), Refusals = [1042],
        },
    ];

    private static IEnumerable<ApiOperation> Auditing() =>
    [
        new()
        {
            Id = "stats", Method = "GET", Path = "/v1/stats", Tag = ApiTag.Audit, Roles = [AccessRole.Office, AccessRole.Viewer], Handler = OfficeEndpoints.StatsAsync,
            Summary = "Totals of the chain, and the journal position they show.", SummaryZh = "连锁累计数据及其对应的账本位置。", Reply = typeof(StatsReply),
        },
        new()
        {
            Id = "journal", Method = "GET", Path = "/v1/journal", Tag = ApiTag.Audit, Roles = Office, Handler = OfficeEndpoints.JournalAsync,
            Summary = "Journal entries as they are stored; personal fields stay sealed.", SummaryZh = "原样读取账本，个人信息保持加密。", Reply = typeof(JournalPage), Refusals = [1015],
            Query = [new("after", "integer", "Position of the last entry of the page before; 0 begins."), Limit with { Description = "1 to 1,000; 200 when left out." }],
        },
        new()
        {
            Id = "auditCustomers", Method = "POST", Path = "/v1/audit/customers", Tag = ApiTag.Audit, Roles = Office, Handler = OfficeEndpoints.AuditAsync,
            Summary = "Figures of up to 1,000 customers as the engine holds them.", SummaryZh = "读取最多 1,000 名顾客在引擎中的账面数字。",
            Description = "Changes nothing. An id that nobody has is answered with version 0.",
            Request = typeof(CustomerFiguresRequest), Reply = typeof(CustomerFiguresReply), Refusals = [1014], RequestExample = """{"ids":["c4y8w2k6m0q9r3t7v"]}""",
        },
        new()
        {
            Id = "backup", Method = "POST", Path = "/v1/backup", Tag = ApiTag.Audit, Roles = Office, Handler = BackupEndpoint.SendAsync,
            Summary = "Sends a backup of the whole installation as it stands now, sealed for a backup key.", SummaryZh = "导出当前整个系统的备份，以备份公钥加密后传出。",
            Description = "Changes nothing; tills go on meanwhile. Needs a key that sees personal data. The header X-ChainCrm-Backup-Entries says how many entries come. An answer that breaks off is no backup.",
            Request = typeof(BackupRequest), RepliesWithFile = true, Refusals = [1050, 1051, 1052],
            RequestExample = """{"publicKey":"BGsX0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivOM1drMV7Oy7ZAaDe/UfU="}""",
        },
    ];

    private static IEnumerable<ApiOperation> Signing() =>
    [
        new()
        {
            Id = "whoAmI", Method = "GET", Path = "/v1/session", Tag = ApiTag.Session, Roles = Lookers, Handler = SessionEndpoints.ShowAsync,
            Summary = "Says who is calling.", SummaryZh = "当前身份。", Reply = typeof(SessionReply),
        },
        new()
        {
            Id = "signIn", Method = "POST", Path = "/v1/session", Tag = ApiTag.Session, Roles = Everybody, Handler = (api, http, _) => SessionEndpoints.BeginAsync(api, http),
            Summary = "Signs a browser in with an access key: sets a cookie that scripts can't read.", SummaryZh = "浏览器登录：以访问密钥换取 HttpOnly Cookie。",
            Description = "A signed-in browser sends X-ChainCrm: 1 with every request that is not a GET.", Request = typeof(SessionRequest), Reply = typeof(SessionReply), Refusals = [1031, 1032],
        },
        new()
        {
            Id = "signOut", Method = "DELETE", Path = "/v1/session", Tag = ApiTag.Session, Roles = Everybody, Handler = (api, http, _) => SessionEndpoints.EndAsync(api, http),
            Summary = "Signs a browser out.", SummaryZh = "退出登录。", Status = StatusCodes.Status204NoContent,
        },
    ];

    private static IEnumerable<ApiOperation> Bench() =>
    [
        new()
        {
            Id = "echo", Method = "POST", Path = "/v1/bench/echo", Tag = ApiTag.Bench, Roles = Counter, Handler = PurchaseEndpoints.EchoAsync,
            Summary = "Reads a purchase and answers one of the same size; records nothing.", SummaryZh = "压测对照：解析请求并返回等长回复，不作任何记录。", IsWrite = true,
            Request = typeof(PurchaseRequest), Reply = typeof(PurchaseReply),
        },
    ];
}
