namespace ChainCrm.Domain.Stores;

/// <summary>Refusals of stores, 200 to 299, in order of precedence.</summary>
public static class StoreRejections
{
    public static readonly Rejection OriginInvalid = new(200, "store.origin-invalid",
        "The store, staff or till that gives this command is not well formed.", "发起操作的门店、员工或收银机编号格式不正确。");

    public static readonly Rejection IdInvalid = new(201, "store.id-invalid",
        "A store id has 1 to 32 characters: letters, digits, - _ and dot.", "门店编号应为 1 到 32 个字符，只能包含字母、数字、-、_ 和点。");

    public static readonly Rejection NameInvalid = new(202, "store.name-invalid",
        "The store needs a name of at most 200 characters.", "门店名称不能为空，最多 200 个字符。");

    public static readonly Rejection RegionInvalid = new(203, "store.region-invalid",
        "The store needs a region of at most 200 characters.", "所属区域不能为空，最多 200 个字符。");

    public static readonly Rejection CityInvalid = new(204, "store.city-invalid",
        "The store needs a city of at most 200 characters.", "所在城市不能为空，最多 200 个字符。");

    public static readonly Rejection ReceiptInvalid = new(205, "store.receipt-invalid",
        "A receipt number has 1 to 64 characters without spaces.", "小票号应为 1 到 64 个不含空格的字符。");

    public static readonly Rejection SaleInFuture = new(206, "store.sale-in-future",
        "The sale lies more than 10 minutes in the future. Check the clock of the till.", "销售时间晚于当前时间 10 分钟以上，请检查收银机时钟。", MayPassLater: true);

    public static readonly Rejection SaleTooEarly = new(207, "store.sale-too-early",
        "The sale is too long ago to be recorded. Check its date.", "销售时间过早，无法入账，请检查日期。");

    public static readonly Rejection BusinessDayInvalid = new(208, "store.business-day-invalid",
        "The business day does not fit the time of the sale.", "营业日与销售时间不符。");

    public static readonly Rejection LineCountInvalid = new(209, "store.line-count-invalid",
        "A receipt has 1 to 2,000 lines.", "一张小票应有 1 到 2,000 行。");

    public static readonly Rejection AmountInvalid = new(210, "store.amount-invalid",
        "The amount must not be negative or larger than 100 million.", "金额不能为负，也不能超过一亿。");

    public static readonly Rejection Unknown = new(211, "store.unknown",
        "There is no such store. Open it first.", "没有这家门店，请先开设门店。", MayPassLater: true);

    public static readonly Rejection Exists = new(212, "store.exists",
        "There already is a store with this id.", "该门店编号已存在。");

    public static readonly Rejection Closed = new(213, "store.closed",
        "The store is closed: no sale after its closing can be recorded there.", "门店已关闭，不能登记关店之后的销售。", MayPassLater: true);
}
