using ChainCrm.Client.Replay;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Replay;

public sealed class ColumnMappingTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"mapping-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Every_preset_can_be_used_as_it_is() =>
        ColumnMapping.Presets.Values.ShouldAllBe(preset => preset.Missing() == null);

    [Fact]
    public void A_mapping_file_names_columns()
    {
        File.WriteAllText(_file, """{ "receipt": "no", "amount": "paid", "time": "at", "store": "shop", "discounts": ["d1", "d2"] }""");

        var mapping = ColumnMapping.Load(_file);

        mapping.Missing().ShouldBeNull();
        mapping.Discounts.ShouldBe(["d1", "d2"]);
    }

    [Fact]
    public void A_mistyped_field_of_a_mapping_file_is_refused()
    {
        File.WriteAllText(_file, """{ "reciept": "no" }""");

        Should.Throw<CsvException>(() => ColumnMapping.Load(_file)).Message.ShouldContain("reciept");
    }

    [Fact]
    public void Options_win_over_a_preset()
    {
        var mapping = ColumnMapping.Presets["online-retail"].With(new ColumnMapping { DefaultStore = "london", Quantity = "pieces" });

        (mapping.DefaultStore, mapping.Quantity, mapping.Receipt).ShouldBe(("london", "pieces", "invoice_no"));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        new ColumnMapping().Missing()!.ShouldContain("--receipt");
        new ColumnMapping { Receipt = "r", Amount = "a", Time = "t" }.Missing()!.ShouldContain("--default-store");
    }
}
