// Before anything is painted: the theme that the user chose, so that nothing flashes.
try {
  const {theme} = JSON.parse(localStorage.getItem('retort.settings') ?? '{}');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Nothing was kept, or nothing may be: the system's theme it is.
}
