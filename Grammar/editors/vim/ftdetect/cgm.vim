" cgad models; a Computer Graphics Metafile picture of the same extension is binary and looks no worse for it.
autocmd BufNewFile,BufRead *.cgm setfiletype cgm
