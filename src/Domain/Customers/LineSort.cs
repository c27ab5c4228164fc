namespace ChainCrm.Domain.Customers;

/// <summary>
/// Category and brand of a line in one reference: the category alone as its text, both as one of these. A line in memory stands beside all others of its sale, and most chains name
/// no brands: they pay nothing for those who do.
/// </summary>
internal sealed record LineSort(string? Category, string Brand)
{
    /// <summary>Both in one; null for neither.</summary>
    public static object? Of(string? category, string? brand) => brand is null ? category : new LineSort(category, brand);

    /// <summary>The category; null for none.</summary>
    public static string? CategoryOf(object? sort) => sort as string ?? (sort as LineSort)?.Category;

    /// <summary>The brand; null for none.</summary>
    public static string? BrandOf(object? sort) => (sort as LineSort)?.Brand;
}
